// Package ext stands in for a module that Traefik keeps in its own repository and that no module zip holds: fields that others add.
package ext

type HTTP struct{}

type Router struct{}

// Package webui without its pages, which a module zip does not hold.
package webui

import "testing/fstest"

var FS = fstest.MapFS{}

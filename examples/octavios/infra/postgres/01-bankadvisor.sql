CREATE DATABASE bankadvisor;

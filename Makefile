.PHONY: help run test format

help: ## What can be made here
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

run: ## The whole stack on this machine, until Ctrl-C
	@scripts/run

test: ## Every test
	@scripts/test

format: ## Format the sources as the build demands
	@scripts/format

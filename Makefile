.PHONY: help run test bench format

help: ## What can be made here
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

run: ## The whole stack on this machine, until Ctrl-C
	@scripts/run

test: ## Every test
	@scripts/test

bench: ## Figures under load; BENCH="flood rate=20" chooses
	@scripts/bench $(BENCH)

format: ## Format the sources as the build demands
	@scripts/format

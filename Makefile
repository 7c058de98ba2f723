.PHONY: help run test bench bench-peers format

help: ## What can be made here
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile

run: ## The whole stack on this machine, until Ctrl-C
	@scripts/run

test: ## Every test
	@scripts/test

bench: ## Figures under load; BENCH="flood rate=20" chooses
	@scripts/bench $(BENCH)

bench-peers: ## The same fan-out from Lightline, Socket.IO, NATS and nchan
	@scripts/bench-peers $(BENCH)

format: ## Format the sources as the build demands
	@scripts/format

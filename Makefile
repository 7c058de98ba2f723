.PHONY: help run test test-compose bench bench-peers start-up sbom format

help: ## What can be made here
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile

run: ## The whole stack on this machine, until Ctrl-C
	@scripts/run

test: ## Every test
	@scripts/test

test-compose: ## The images and docker-compose.yml, on a Docker engine of its own; root on Debian
	@scripts/test-compose

bench: ## Figures under load; BENCH="flood rate=20" chooses
	@scripts/bench $(BENCH)

bench-peers: ## The same fan-out from Lightline, Socket.IO, NATS and nchan
	@scripts/bench-peers $(BENCH)

start-up: ## How long relay and publisher take to start, with and without an AOT cache
	@scripts/measure-start

sbom: ## Bills of materials of what is shipped
	@scripts/sbom

format: ## Format the sources as the build demands
	@scripts/format

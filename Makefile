# Everything a developer or a user of this repository runs. Go and make are
# all that a machine must have; what else a target needs, it says.

GO      ?= go
VERSION := 0.1.0

# Where the proxy lacks a module, say so at once, and do not try its version control.
export GOPROXY := $(shell $(GO) env GOPROXY | sed 's/,direct$$//')

TOOLS     := .tools
SOURCES   := $(shell find bpf extension internal processor receiver -name '*.go' -o -name '*.o' -o -name '*.yaml')
COLLECTOR := dist/otelcol-copywatch
FULL      := dist/otelcol-copywatch-full
PEER      := dist/otelcol-peer
SUDO      := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: help
help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##### The collector

.PHONY: build
build: $(COLLECTOR) ## Build dist/otelcol-copywatch.

.PHONY: build-full
build-full: $(FULL) ## Build the larger distribution, with Kubernetes, cloud and Kafka clients.

.PHONY: run
run: $(COLLECTOR) ## Watch this host: file copies on the terminal, every exec in copywatch-events.json.
	$(SUDO) $(COLLECTOR) --config config/local.yaml

.PHONY: demo
demo: $(COLLECTOR) ## Show recorded events going through the pipeline; needs no privileges and no Linux.
	@$(COLLECTOR) --config config/demo.yaml & pid=$$!; \
	trap 'kill $$pid 2>/dev/null' INT TERM; sleep 4; kill $$pid; wait $$pid

##### Tests

.PHONY: test
test: $(COLLECTOR) $(PEER) dist/kafka-peer dist/kubernetes-peer $(wildcard $(FULL)) test-packages ## Run every test that this machine can run, and say what was left out.
	@$(GO) vet ./...
	@$(GO) run ./internal/testreport $(TESTFLAGS) ./...
	@cd bench/processors && $(GO) test ./...

.PHONY: test-siem
test-siem: $(COLLECTOR) $(FULL) $(PEER) dist/kafka-peer dist/kubernetes-peer dist/loki test-packages ## Run the tests of the destinations, with those that take minutes (and Loki, which takes long to build).
	$(SUDO) env "PATH=$$PATH" COPYWATCH_SIEM=1 $(GO) test -count=1 -timeout=1h ./test/siem

.PHONY: loki
loki: dist/loki ## Build Loki for the tests of its configuration (nine minutes).

.PHONY: test-kernels
test-kernels: ## Run the probe's tests on Debian's kernels from 5.10 to the newest, under emulation (a few minutes).
	$(GO) run ./test/kernels $(KERNELFLAGS)

ENDURANCE := 60s

.PHONY: endurance
endurance: $(COLLECTOR) test-packages ## Saturate the machine for a minute, twice, and then with a fork bomb for ten.
	$(SUDO) env "PATH=$$PATH" COPYWATCH_ENDURANCE=$(ENDURANCE) $(GO) test -count=1 -timeout=1h -v -run 'Saturation|ForkBomb' ./test/e2e

.PHONY: test-packages
test-packages: # The Debian packages that the end-to-end tests use, where they can be installed.
	@sh test/packages.sh

.PHONY: lint
lint: $(TOOLS)/staticcheck ## Check format and run the linters, for every platform that the code builds on.
	@test -z "$$(gofmt -l bench bpf deploy extension internal processor receiver test | tee /dev/stderr)"
	$(GO) vet ./... && GOOS=darwin $(GO) vet ./... && GOARCH=arm64 $(GO) vet ./...
	$(TOOLS)/staticcheck ./...

.PHONY: bench
bench: $(COLLECTOR) ## Measure what the sensor costs on this machine, beside its peers, and its parts (root, 20 minutes).
	$(SUDO) env "PATH=$$PATH" $(GO) run ./bench $(BENCHFLAGS)
	$(MAKE) bench-micro

SOAK := 1h

.PHONY: soak
soak: $(COLLECTOR) ## Does anything grow? An hour at 2,000 execs/s with churn (root); SOAK=60s for a look.
	$(SUDO) env "PATH=$$PATH" $(GO) run ./bench soak -duration $(SOAK)

.PHONY: bench-micro
bench-micro: $(TOOLS)/benchstat ## Run the micro-benchmarks beside their baseline; UPDATE=1 replaces it.
	@mkdir -p bench/out
	GO=$(GO) sh bench/micro.sh > bench/out/micro.txt
	$(TOOLS)/benchstat bench/micro-baseline.txt bench/out/micro.txt
	$(if $(UPDATE),cp bench/out/micro.txt bench/micro-baseline.txt)

.PHONY: bench-report
bench-report: ## Print docs/performance.md from the results.
	$(GO) run ./bench report

##### Packages

.PHONY: package
package: $(foreach arch,amd64 arm64,$(foreach format,deb rpm,dist/copywatch_$(VERSION)_$(arch).$(format)) dist/copywatch-image-$(arch).tar) ## Make .deb, .rpm and container image for amd64 and arm64.

.PHONY: test-packaging
test-packaging: $(COLLECTOR) $(TOOLS)/nfpm ## Install, upgrade and purge the packages in a Debian of their own, and run the image (root, some minutes).
	@sh test/packages.sh mmdebstrap rpm shellcheck mandoc man-db systemd skopeo podman
	$(SUDO) env "PATH=$$PATH" COPYWATCH_PACKAGE=1 $(GO) test -count=1 -timeout=20m -v ./test/package

##### Generated files, all of them committed

.PHONY: generate
generate: $(TOOLS)/bpf2go $(TOOLS)/mdatagen ## Compile the eBPF programs (clang-19, llvm-19, libbpf-dev) and generate code from metadata.
	PATH="$(CURDIR)/$(TOOLS):$$PATH" $(GO) generate ./...

.PHONY: tidy
tidy: $(TOOLS)/builder ## Bring go.mod, go.sum and the distributions' sums up to date.
	$(GO) mod tidy
	for module in internal/tools bench/processors test/peers/*; do (cd $$module && $(GO) mod tidy) || exit; done
	rm -rf _build _build-full _build-peer
	$(MAKE) _build/go.mod _build-full/go.mod _build-peer/go.mod
	sort -u _build/go.sum _build-full/go.sum _build-peer/go.sum > builder-config.sum

.PHONY: clean
clean: ## Remove everything that was built.
	rm -rf dist $(TOOLS) _build _build-full _build-peer bench/out

##### How things are made

$(TOOLS)/builder: PACKAGE := go.opentelemetry.io/collector/cmd/builder
$(TOOLS)/mdatagen: PACKAGE := go.opentelemetry.io/collector/cmd/mdatagen
$(TOOLS)/bpf2go: PACKAGE := github.com/cilium/ebpf/cmd/bpf2go
$(TOOLS)/staticcheck: PACKAGE := honnef.co/go/tools/cmd/staticcheck
$(TOOLS)/benchstat: PACKAGE := golang.org/x/perf/cmd/benchstat
$(TOOLS)/nfpm: PACKAGE := github.com/goreleaser/nfpm/v2/cmd/nfpm
$(TOOLS)/%: internal/tools/go.mod
	cd internal/tools && $(GO) build -o $(CURDIR)/$@ $(PACKAGE)

# builder-config.sum is the go.sum of the distributions: every module is
# checked against the hash recorded here, also those that the checksum
# database does not know.
define generate-distribution
	rm -rf $(@D) && mkdir -p $(@D) && cp builder-config.sum $(@D)/go.sum
	$(TOOLS)/builder --config $< --skip-compilation
endef
_build/go.mod: builder-config.yaml go.mod $(TOOLS)/builder
	$(generate-distribution)
_build-full/go.mod: builder-config-full.yaml go.mod $(TOOLS)/builder
	$(generate-distribution)
_build-peer/go.mod: test/e2e/peer-builder-config.yaml $(TOOLS)/builder
	$(generate-distribution)

define build-distribution
	cd $(<D) && CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o $(CURDIR)/$@ .
endef
$(COLLECTOR): _build/go.mod $(SOURCES)
	$(build-distribution)
$(FULL): _build-full/go.mod $(SOURCES)
	$(build-distribution)
$(PEER): _build-peer/go.mod
	$(build-distribution)

# The servers that the destinations' tests send to are modules of their own: no
# user of the components gets what they need.
dist/%-peer: test/peers/%/go.mod test/peers/%/go.sum test/peers/%/main.go
	cd test/peers/$* && CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o $(CURDIR)/$@ .
dist/loki: test/peers/loki/go.mod test/peers/loki/go.sum test/peers/loki/main.go
	cd $(<D) && CGO_ENABLED=0 nice $(GO) build -p 1 -trimpath -ldflags='-s -w' -o $(CURDIR)/$@ .

PACKAGED := $(shell find config deploy docs/man LICENSE -type f)
.SECONDARY:
dist/%/otelcol-copywatch: _build/go.mod $(SOURCES)
	cd $(<D) && CGO_ENABLED=0 GOARCH=$* $(GO) build -trimpath -ldflags='-s -w' -o $(CURDIR)/$@ .
dist/%/NOTICES: dist/%/otelcol-copywatch
	$(GO) run ./deploy/package/notices $< > $@
dist/copywatch_$(VERSION)_%.deb dist/copywatch_$(VERSION)_%.rpm: dist/%/otelcol-copywatch dist/%/NOTICES $(PACKAGED) $(TOOLS)/nfpm
	rm -rf dist/$*/stage
	sh deploy/package/stage.sh dist/$*/stage dist/$*/otelcol-copywatch dist/$*/NOTICES
	sh deploy/package/package.sh dist/$*/stage $* $(VERSION) dist/copywatch_$(VERSION)_$*.deb
	sh deploy/package/package.sh dist/$*/stage $* $(VERSION) dist/copywatch_$(VERSION)_$*.rpm
dist/copywatch-image-%.tar: dist/%/otelcol-copywatch dist/%/NOTICES $(PACKAGED) $(wildcard internal/image/*.go)
	GO="$(GO)" sh deploy/image/image.sh dist/$*/otelcol-copywatch dist/$*/NOTICES $* $(VERSION) $@

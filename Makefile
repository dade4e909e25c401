# Duskline. The two commands of a fresh machine: `make reproduce` and `make test`.
# Tuning flags live here, so that the package itself stays free of unsafe flags.

SWIFT  ?= swift
PREFIX ?= /usr/local
OUT    ?= out/reproduce

# The processor to tune for. No result depends on it; `make MARCH=` leaves the flag out.
MARCH ?= native

# Every build, test and check below uses these same flags in the same .build, so that nothing is
# compiled twice. Changing one of them, or DUSKLINE_STRICT, recompiles what it touches.
SWIFT_FLAGS = -c release -Xcc -fno-math-errno $(if $(MARCH),-Xcc -march=$(MARCH))

# Tests import rooms as users do, never @testable: the rooms keep the code of the build above.
TEST_FLAGS = --disable-testable-imports --disable-xctest

DUSKLINE = .build/release/duskline
LINTED   = $(wildcard Sources Tests Benchmarks Package.swift)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help needs needs-long build pythia candidates test test-long reproduce validate bench install lint format \
  layers clean

help:                   ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

needs:                  ## install what a fresh Debian 12 machine lacks, or say what it is
	@scripts/install-needs

build:                  ## build .build/release/duskline with the tuned flags
	$(SWIFT) build $(SWIFT_FLAGS)

# Apart from Swift's build: nothing above needs it.
pythia: needs           ## build the plug-in that makes background events: duskline-pythia, with Pythia 8
	@scripts/build-pythia "$$($(SWIFT) build $(SWIFT_FLAGS) --show-bin-path)"

# The files are part of the source. Beside these settings, those of `duskline-pythia help`.
CANDIDATES = Sources/Formats/Resources/candidates
CANDIDATE  = @nice .build-pythia/duskline-pythia seed=20240906 digits=4
candidates: pythia      ## make the background events that come with the program once more (3 minutes)
	$(CANDIDATE) process=soft nucleon=p events=600000 loose-prescale=200 prescale=1000 >$(CANDIDATES)/soft-p.txt
	$(CANDIDATE) process=soft nucleon=n events=450000 loose-prescale=200 prescale=1000 >$(CANDIDATES)/soft-n.txt
	$(CANDIDATE) process=soft nucleon=n part=diffractive events=200000 loose-prescale=100 prescale=1000 \
	  >$(CANDIDATES)/soft-n-diffractive.txt
	$(CANDIDATE) process=dis nucleon=p events=40000 loose-prescale=50 prescale=100 >$(CANDIDATES)/dis-p.txt
	$(CANDIDATE) process=dis nucleon=n events=40000 loose-prescale=50 prescale=100 >$(CANDIDATES)/dis-n.txt

test: needs build       ## run the tests (a few minutes)
	$(SWIFT) test $(SWIFT_FLAGS) $(TEST_FLAGS)

# Slurm's daemons are started by the tests, as root, on loopback, and stopped by them.
needs-long:
	@scripts/install-needs --long

test-long: needs-long build  ## run the tests and what is too slow for every day
	DUSKLINE_LONG_TESTS=1 $(SWIFT) test $(SWIFT_FLAGS) $(TEST_FLAGS)

reproduce: needs build  ## write the paper's figures and tables into out/reproduce
	$(DUSKLINE) reproduce -o $(OUT)

validate: needs build   ## write Documentation/Validation.md: our numbers beside others
	$(DUSKLINE) validate -o Documentation/Validation.md

# The benchmark plugin builds with the flags of the `swift package` it runs under, so that C and Swift
# get the ones above.
bench:                  ## measure speed, and production beside the same in C
	@rm -rf out/bench
	@mkdir -p out/bench/samples
	@echo 'bench: some minutes to build the first time, then two to run; out/bench/log.txt grows'
	@$(SWIFT) package $(SWIFT_FLAGS) --package-path Benchmarks \
	  --allow-writing-to-directory "$(CURDIR)/out/bench" benchmark --no-progress \
	  --format histogramSamples --path "$(CURDIR)/out/bench/samples" >out/bench/log.txt 2>&1 \
	  || { cat out/bench/log.txt; exit 1; }
	@scripts/check-benchmarks out/bench

install: build          ## install duskline, and the plug-in if it was built, into PREFIX (default /usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(DUSKLINE) "$(DESTDIR)$(PREFIX)/bin/duskline"
	@if [ -x .build-pythia/duskline-pythia ]; then set -ex; \
	  install -m 755 .build-pythia/duskline-pythia "$(DESTDIR)$(PREFIX)/bin/duskline-pythia"; \
	  install -d "$(DESTDIR)$(PREFIX)/share"; \
	  rm -rf "$(DESTDIR)$(PREFIX)/share/duskline-pythia"; \
	  cp -R .build-pythia/duskline-pythia-data "$(DESTDIR)$(PREFIX)/share/duskline-pythia"; \
	fi

lint:                   ## check the layout of the source
	$(SWIFT) format lint --strict --recursive $(LINTED)

format:                 ## lay the source out
	$(SWIFT) format --in-place --recursive $(LINTED)

layers:                 ## check that imports point down the diagram of the rooms
	$(SWIFT) build $(SWIFT_FLAGS) --explicit-target-dependency-import-check error
	scripts/check-layers

clean:                  ## remove what was built and written
	rm -rf .build .build-pythia Benchmarks/.build out

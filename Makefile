# make demo | test | check | serve: each builds what it needs. Nothing but Python 3.11.2 or newer has to be there before.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset serve test check lint services browser moments stages messages venv venv-dev
SHELL := /bin/sh

PORT ?= 8000
STAGE ?= sat
SEED ?= 1
VENV ?= .venv
PY = "$(VENV)/bin/python"
MANAGE = $(PY) manage.py
PYTEST = $(PY) -m pytest -q
# The embedded default, whatever the shell has set.
EMBEDDED = env -u LMS_DATABASE_URL -u LMS_REDIS_URL -u LMS_BROKER_URL
# The demo runs as production does (no debug pages), with a key of its own, on SQLite.
DEMO = $(EMBEDDED) LMS_DEMO=true LMS_DEBUG=false LMS_HTTPS=false LMS_ALLOWED_HOSTS="$(HOSTS)" LMS_SECRET_KEY="$$(.ci/demo-key)" \
	LMS_BASE_URL="http://127.0.0.1:$(PORT)" LMS_LOG_LEVEL=WARNING $(MANAGE)
HOSTS ?= 127.0.0.1,localhost
DATABASE ?= postgresql://postgres@127.0.0.1/pitlane
REDIS ?= redis://127.0.0.1:6379/1
BROKER ?= amqp://guest:guest@127.0.0.1:5672//
SERVICES = LMS_DATABASE_URL="$${LMS_DATABASE_URL:-$(DATABASE)}" LMS_REDIS_URL="$${LMS_REDIS_URL:-$(REDIS)}" LMS_BROKER_URL="$${LMS_BROKER_URL:-$(BROKER)}"

help:
	@echo "make demo        a demo dealership on http://127.0.0.1:$(PORT) (PORT=…); the second time it keeps its data"
	@echo "make demo-reset  throw the demo's data away and begin anew"
	@echo "make serve       web, worker and beat together, as in production (LMS_… variables: see .env.example)"
	@echo "make test        the whole suite on SQLite, in parallel"
	@echo "make check       linters, types, contracts, translations, the database's tests on PostgreSQL + Redis + RabbitMQ, browser journeys"
	@echo "make moments     the rooms where time counts, at ends of year, on 29 February, in a holiday week (MOMENTS=…)"
	@echo "make stages      the demo at every stage and every such moment: a quarter of an hour"
	@echo "make messages    collect the texts to translate, and compile them (needs gettext)"

demo: venv
	@$(DEMO) demo --port "$(PORT)" --stage "$(STAGE)" --seed "$(SEED)"

demo-reset: venv
	@$(DEMO) demo --port "$(PORT)" --stage "$(STAGE)" --seed "$(SEED)" --reset

serve: venv
	@$(MANAGE) compile_translations
	@$(MANAGE) migrate --no-input -v 0
	@$(MANAGE) collectstatic --no-input -v 0
	@$(MANAGE) serve --bind "127.0.0.1:$(PORT)"

test: venv-dev
	@$(EMBEDDED) $(MANAGE) compile_translations
	@$(EMBEDDED) $(PYTEST) -n auto -m "not browser and not services and not moments"

check: lint services browser

lint: venv-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(EMBEDDED) $(PY) -m mypy
	"$(VENV)/bin/lint-imports" --no-cache
	"$(VENV)/bin/djade" --check --target-version 5.2 $$(find templates assessments/questions/kinds -name "*.html" | sort)
	$(EMBEDDED) $(MANAGE) makemigrations --check --dry-run -v 0
	$(EMBEDDED) $(MANAGE) compile_translations

services: venv-dev
	$(SERVICES) $(PYTEST) -n 2 -m "(database or services) and not browser and not moments"

browser: venv-dev
	$(EMBEDDED) $(MANAGE) compile_translations
	$(EMBEDDED) $(PYTEST) -n 2 --dist worksteal -m browser

# Each run of the suite begins at one set moment (see tests/clock); here the rooms where time counts begin at a few others.
MOMENTS ?= 2027-01-01T04:00+08:00 2027-02-07T09:00+08:00 2028-02-29T23:30+08:00
ROOMS ?= tests/courses/training/test_views.py tests/courses/training/test_sessions.py tests/courses/training/test_programmes.py \
	tests/courses/learning tests/assessments/certification tests/assessments/exams/test_views.py tests/assessments/grading/test_views.py \
	tests/lms/home/test_today.py tests/lms/people/test_actions.py tests/lms/people/test_views.py \
	tests/talent_pool/pay tests/talent_pool/test_progression.py tests/talent_pool/labour/test_rules.py \
	tests/talent_pool/interns/test_starting.py tests/talent_pool/interns/test_weeks.py

moments: venv-dev
	@$(EMBEDDED) $(MANAGE) compile_translations
	@for at in $(MOMENTS); do \
		$(EMBEDDED) $(PYTEST) -n auto --reuse-db --at "$$at" -m "not browser and not services and not moments" $(ROOMS) || exit 1; \
	done
	@$(EMBEDDED) $(PYTEST) -n auto --reuse-db -m moments tests/lms/demo -k "planned-2027-02-07 or published-2027-01-01 or same_seed"

stages: venv-dev
	@$(EMBEDDED) $(MANAGE) compile_translations
	@$(EMBEDDED) $(PYTEST) -n auto -m moments

messages: venv-dev
	$(EMBEDDED) $(MANAGE) makemessages -l zh_Hans -l en --no-location --no-obsolete --ignore=var --ignore=tests --ignore="$(VENV)"
	$(EMBEDDED) $(MANAGE) compile_translations

venv:
	@.ci/venv "$(VENV)" requirements.txt

venv-dev:
	@.ci/venv "$(VENV)" requirements-dev.txt

# One image for web, worker and beat; compose.yaml says which part a container is.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r requirements.txt && /venv/bin/pip check

FROM python:3.13-slim-bookworm
# pg_dump and pg_restore for manage.py backup and restore.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app pitlane && mkdir -p /data && chown pitlane /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LMS_DEBUG=false LMS_DATA_DIR=/data
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
# A key for this one command; the running server gets its own from the environment.
RUN LMS_DATA_DIR=/tmp/build LMS_SECRET_KEY=only-to-build LMS_ALLOWED_HOSTS=localhost python manage.py compile_translations \
    && rm -rf /tmp/build && chmod -R a+rX /app
USER pitlane
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
CMD ["python", "manage.py", "serve", "--only", "web", "--bind", "0.0.0.0:8000"]

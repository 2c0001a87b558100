# The image of web, worker, beat and migrate: built once, run with four commands.

FROM node:24-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --silent
COPY static static
RUN npm run --silent build

FROM python:3.13-slim-bookworm AS packages
RUN pip install --no-cache-dir 'uv>=0.13,<0.14' && uv venv /opt/lxp
COPY requirements-prod.lock .
RUN uv pip sync --no-cache --require-hashes --compile-bytecode --python /opt/lxp/bin/python \
    requirements-prod.lock

FROM python:3.13-slim-bookworm
# Letters for the pictures and the reports as PDF, also of names in other scripts.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends fonts-liberation fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin lxp
ENV PATH=/opt/lxp/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WEB_HOST=0.0.0.0
WORKDIR /srv/lxp
COPY --from=packages /opt/lxp /opt/lxp
COPY manage.py ./
COPY lxp lxp
COPY design design
COPY audit audit
COPY accounts accounts
COPY programme programme
COPY questionnaires questionnaires
COPY encryption encryption
COPY notifications notifications
COPY supervision supervision
COPY wellbeing wellbeing
COPY templates templates
COPY docs/examples docs/examples
COPY docker/healthcheck.py docker/healthcheck.py
COPY --from=front-end /build/static static
# Collecting files needs the settings to load and nothing that they name.
RUN LXP_DEMO=0 SECRET_KEY=only-while-building \
    ENCRYPTION_KEYS=building:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
    EQUALITY_KEYS=building:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI= ALLOWED_HOSTS=lxp.example.org \
    PUBLIC_URL=https://lxp.example.org DATABASE_URL=postgresql://nobody@127.0.0.1/none \
    BROKER_URL=redis://127.0.0.1/0 CACHE_URL=redis://127.0.0.1/1 \
    EMAIL_HOST=localhost EMAIL_FROM=lxp@example.org \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q lxp design audit encryption accounts programme wellbeing
USER lxp
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "docker/healthcheck.py"]
CMD ["gunicorn", "--config", "lxp/gunicorn.py", "lxp.wsgi:application"]

# One image that every role runs: web, workers, sweeper, webhooks, schedule, metrics and migrations.

FROM node:24-trixie-slim AS assets
WORKDIR /build/assets
COPY assets/package.json assets/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY assets ./
# Tailwind finds the CSS classes in use by reading the templates.
COPY templates ../templates
COPY portal ../portal
COPY tenants ../tenants
RUN npm run build

FROM python:3.14-slim-trixie AS build
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/venv
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups
COPY . .
COPY --from=assets /build/assets/dist assets/dist
# collectstatic needs valid settings; these values are used for this command only.
RUN find api portal tenants workers -type d -name locale | xargs -n 1 /venv/bin/pybabel -q compile -D django -d \
 && env SECRET_KEY=build PLATFORM_HOST=build.invalid PORTAL_DOMAIN=build.invalid PUBLIC_URL=https://build.invalid \
    DATABASE_URL=postgres://build.invalid/build REDIS_URL=redis://build.invalid LOGIN_CODE_KEYS=k1:$(head -c 32 /dev/urandom | base64) \
    DIGEST_KEYS=k1:$(head -c 32 /dev/urandom | base64) \
    /venv/bin/python manage.py collectstatic --noinput --skip-checks --verbosity 0 \
 && /venv/bin/python -m compileall -q api config portal tenants workers

FROM python:3.14-slim-trixie
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portico
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001
EXPOSE 8000 9400
CMD ["python", "-m", "config.web_server", "--host", "0.0.0.0", "--port", "8000"]

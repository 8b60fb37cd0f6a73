# syntax=docker/dockerfile:1
# taskbot, whatever its role: `docker run … taskbot api`. What stands where it is for: docs/how-to/host-with-compose.md.
#
# The base is pinned by its tag; pin it by digest where you mirror images (python:…@sha256:…).
ARG BASE=python:3.11.14-slim-bookworm

FROM ${BASE} AS build
# The moment that goes into everything that carries one: the same sources give the same bytes.
ARG SOURCE_DATE_EPOCH=1767225600
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
COPY deploy/install.sh deploy/build.lock deploy/image.lock ./deploy/
RUN SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} sh deploy/install.sh /opt/taskbot

FROM ${BASE}
LABEL org.opencontainers.image.title="taskbot" \
      org.opencontainers.image.description="A self-hosted task manager whose face is a Telegram bot" \
      org.opencontainers.image.licenses="MIT"
# Nothing here can build or install anything. The folders belong to the user before a volume is laid over them: a new
# named volume takes its owner from there.
RUN python -m pip uninstall --yes --quiet --root-user-action ignore setuptools wheel pip \
 && rm -rf /usr/local/lib/python3.11/ensurepip ~/.cache \
 && groupadd --system --gid 10001 taskbot \
 && useradd --system --uid 10001 --gid taskbot --home-dir /data --no-create-home --shell /usr/sbin/nologin taskbot \
 && install --directory --owner=taskbot --group=taskbot --mode=0700 /data /backups
COPY --from=build /opt/taskbot /opt/taskbot
ENV PATH=/opt/taskbot/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    TASKBOT_DATA_DIR=/data \
    TASKBOT_HOST=0.0.0.0 \
    TASKBOT_WEBHOOK_HOST=0.0.0.0 \
    TASKBOT_HEARTBEAT_FILE=/tmp/taskbot-heartbeat
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080 8082
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s --retries=3 CMD ["taskbot", "health"]
ENTRYPOINT ["taskbot"]
CMD ["up"]

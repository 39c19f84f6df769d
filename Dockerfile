# One image for every program of Penstock: `ingest-api`, `stream-router`, `gpu-workers`, `vllm-simulator`,
# and the `penstock` command (`topics apply`, `batch run`, …).
#
#   docker build -t penstock .
#
# With `--build-arg LIB=prebuilt` it takes the jars of `mvn -Psbom -pl standalone -am package` instead of building
# them again. Beside the jars lies their bill of materials, /opt/penstock/lib/penstock.cdx.json.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre
ARG LIB=build

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
RUN mvn -B -ntp -q -Psbom -Dmaven.test.skip=true -pl standalone -am package

FROM scratch AS prebuilt
COPY standalone/target/lib /src/standalone/target/lib

FROM ${LIB} AS lib

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="Penstock" \
      org.opencontainers.image.description="Durable, GPU-aware batch inference on Kafka" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=lib /src/standalone/target/lib /opt/penstock/lib
COPY docker/penstock /usr/local/bin/penstock
# A small run of everything leaves a cache of the classes it used, already linked: every start maps it.
RUN mkdir -p /var/lib/penstock/payloads /var/lib/penstock/router \
    && chown -R 65532:65532 /var/lib/penstock \
    && PENSTOCK_AOT=train penstock demo --lines 40 > /dev/null
USER 65532:65532
WORKDIR /var/lib/penstock
ENV PENSTOCK_AOT=use
# The API, and the ports of health and metrics: ingest-api, stream-router, gpu-workers.
EXPOSE 8080 9000 9001 9002
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD ["penstock", "healthcheck"]
ENTRYPOINT ["penstock"]
CMD ["up", "--host", "0.0.0.0"]

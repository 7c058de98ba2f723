# The images of Lightline: docker build --target relay|publisher|simulator . (BuildKit). No JDK is needed on this machine.
# What is chosen here and why: docs/images.md

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /source
COPY . .
# aot-jar: one class path without a class loader of its own, so that the AOT cache holds the application's classes too.
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -B -ntp package -am -pl relay-service,publisher-service,salesforce-simulator \
    -DskipTests -Dspotless.check.skip -Djacoco.skip -Dquarkus.package.jar.type=aot-jar


FROM eclipse-temurin:25-jre-noble AS runtime
ARG VERSION=dev
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.vendor="Lightline" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:25-jre-noble"
WORKDIR /deployments
COPY docker/jvm.flags docker/jvm.options docker/ready ./


FROM runtime AS relay
LABEL org.opencontainers.image.title="lightline/relay" \
      org.opencontainers.image.description="A real-time relay for Salesforce: the WebSocket pods"
COPY --from=build /source/relay-service/target/quarkus-app/lib/ lib/
COPY --from=build /source/relay-service/target/quarkus-app/*.jar ./
COPY --from=build /source/relay-service/target/quarkus-app/app/ app/
COPY --from=build /source/relay-service/target/quarkus-app/quarkus/ quarkus/
RUN --network=none --mount=type=bind,source=docker,target=/mnt \
    SMALLRYE_CONFIG_LOCATIONS=/mnt/training/relay.yaml /mnt/train-aot 9000 /q/health/ready
USER 10001:10001
EXPOSE 8080 9000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["/deployments/ready", "9000", "/q/health/ready"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-jar", "quarkus-run.jar"]


FROM runtime AS publisher
LABEL org.opencontainers.image.title="lightline/publisher" \
      org.opencontainers.image.description="A real-time relay for Salesforce: from the Pub/Sub API to the backplane"
COPY --from=build /source/publisher-service/target/quarkus-app/lib/ lib/
COPY --from=build /source/publisher-service/target/quarkus-app/*.jar ./
COPY --from=build /source/publisher-service/target/quarkus-app/app/ app/
COPY --from=build /source/publisher-service/target/quarkus-app/quarkus/ quarkus/
# Without an org it lives, and never is ready.
RUN --network=none --mount=type=bind,source=docker,target=/mnt \
    SMALLRYE_CONFIG_LOCATIONS=/mnt/training/publisher.yaml /mnt/train-aot 9000 /q/health/live
USER 10001:10001
EXPOSE 9000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["/deployments/ready", "9000", "/q/health/ready"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-jar", "quarkus-run.jar"]


FROM runtime AS simulator
LABEL org.opencontainers.image.title="lightline/simulator" \
      org.opencontainers.image.description="A Salesforce org to test against: login, REST, Pub/Sub API, Streaming API; for demos and tests only"
COPY --from=build /source/salesforce-simulator/target/quarkus-app/lib/ lib/
COPY --from=build /source/salesforce-simulator/target/quarkus-app/*.jar ./
COPY --from=build /source/salesforce-simulator/target/quarkus-app/app/ app/
COPY --from=build /source/salesforce-simulator/target/quarkus-app/quarkus/ quarkus/
# On a machine it listens on 127.0.0.1 only, which nobody reaches in a container.
ENV QUARKUS_HTTP_HOST=0.0.0.0 QUARKUS_GRPC_SERVER_HOST=0.0.0.0 LIGHTLINE_SIMULATOR_STREAMING_HOST=0.0.0.0
RUN --network=none --mount=type=bind,source=docker,target=/mnt /mnt/train-aot 7080 /services/data
USER 10001:10001
EXPOSE 7080 7081 7443
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["/deployments/ready", "7080", "/services/data"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=app.aot", "-jar", "quarkus-run.jar"]

package io.lightline.chart;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;

/** The part of other people's resources that the chart uses, as their documentation has it, for {@link Strict}. */
final class CustomResources {

    private CustomResources() {}

    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

        record Spec(
                Target scaleTargetRef,
                int minReplicaCount,
                int maxReplicaCount,
                int pollingInterval,
                Advanced advanced,
                List<Trigger> triggers) {}

        record Target(String apiVersion, String kind, String name) {}

        record Advanced(Autoscaler horizontalPodAutoscalerConfig) {}

        record Autoscaler(HorizontalPodAutoscalerBehavior behavior) {}

        record Trigger(
                String type, String metricType, Map<String, String> metadata, Authentication authenticationRef) {}

        record Authentication(String name) {}
    }

    record Draining(int drainingTimeoutSec) {}

    record Target(String group, String kind, String name) {}

    record BackendConfig(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

        record Spec(int timeoutSec, Draining connectionDraining, Check healthCheck) {}

        record Check(String type, String requestPath, int port, int checkIntervalSec, int timeoutSec) {}
    }

    record BackendPolicy(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

        record Spec(@JsonProperty("default") Default all, Target targetRef) {}

        record Default(int timeoutSec, Draining connectionDraining, String securityPolicy) {}
    }

    record HealthCheckPolicy(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

        record Spec(@JsonProperty("default") Default all, Target targetRef) {}

        record Default(int checkIntervalSec, int timeoutSec, Check config) {}

        record Check(String type, Http httpHealthCheck) {}

        record Http(String portSpecification, int port, String requestPath) {}
    }
}

package io.lightline.chart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads an object as an API server with strict field validation would. Two libraries have a look at each: Kubernetes' own client
 * finds unknown fields and missing ones, the models of fabric8, read without any goodwill, find wrong types as well and know the
 * Gateway API and the Prometheus operator. What neither knows is in {@link CustomResources}.
 */
final class Strict {

    static {
        JSON.getGson();
    }

    private interface Reader {
        void read(String json) throws IOException;
    }

    private static final ObjectMapper MODELS = models();
    private static final Map<String, Reader> OFFICIAL = official();
    private static final Map<String, Class<?>> TYPED = typed();

    private Strict() {}

    /** @throws IllegalArgumentException that names the field */
    static void check(JsonNode object) {
        String kind =
                object.path("apiVersion").asText() + "/" + object.path("kind").asText();
        Class<?> type = TYPED.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("Nobody knows " + kind);
        }
        try {
            MODELS.readValue(object.toString(), type);
            Reader reader = OFFICIAL.get(kind);
            if (reader != null) {
                reader.read(object.toString());
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    kind + " " + object.at("/metadata/name").asText() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Reader> official() {
        var readers = new HashMap<String, Reader>();
        readers.put("v1/ConfigMap", V1ConfigMap::fromJson);
        readers.put("v1/PersistentVolumeClaim", V1PersistentVolumeClaim::fromJson);
        readers.put("v1/Pod", V1Pod::fromJson);
        readers.put("v1/Secret", V1Secret::fromJson);
        readers.put("v1/Service", V1Service::fromJson);
        readers.put("v1/ServiceAccount", V1ServiceAccount::fromJson);
        readers.put("apps/v1/Deployment", V1Deployment::fromJson);
        readers.put("autoscaling/v2/HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::fromJson);
        readers.put("networking.k8s.io/v1/Ingress", V1Ingress::fromJson);
        readers.put("networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::fromJson);
        readers.put("policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::fromJson);
        readers.put("rbac.authorization.k8s.io/v1/Role", V1Role::fromJson);
        readers.put("rbac.authorization.k8s.io/v1/RoleBinding", V1RoleBinding::fromJson);
        return Map.copyOf(readers);
    }

    private static Map<String, Class<?>> typed() {
        return Map.ofEntries(
                Map.entry("v1/ConfigMap", ConfigMap.class),
                Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
                Map.entry("v1/Pod", Pod.class),
                Map.entry("v1/Secret", Secret.class),
                Map.entry("v1/Service", Service.class),
                Map.entry("v1/ServiceAccount", ServiceAccount.class),
                Map.entry("apps/v1/Deployment", Deployment.class),
                Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
                Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
                Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
                Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
                Map.entry("rbac.authorization.k8s.io/v1/Role", Role.class),
                Map.entry("rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class),
                Map.entry("gateway.networking.k8s.io/v1/Gateway", Gateway.class),
                Map.entry("gateway.networking.k8s.io/v1/HTTPRoute", HTTPRoute.class),
                Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
                Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
                Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
                Map.entry("keda.sh/v1alpha1/ScaledObject", CustomResources.ScaledObject.class),
                Map.entry("cloud.google.com/v1/BackendConfig", CustomResources.BackendConfig.class),
                Map.entry("networking.gke.io/v1/GCPBackendPolicy", CustomResources.BackendPolicy.class),
                Map.entry("networking.gke.io/v1/HealthCheckPolicy", CustomResources.HealthCheckPolicy.class));
    }

    private static ObjectMapper models() {
        var mapper = JsonMapper.builder()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    @Override
                    public Boolean hasAnySetter(Annotated method) {
                        // The models keep what they do not know; here it is a mistake.
                        return false;
                    }
                })
                .build();
        for (var shape : new CoercionInputShape[] {
            CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        mapper.coercionConfigFor(LogicalType.Integer).setCoercion(CoercionInputShape.String, CoercionAction.Fail);
        mapper.coercionConfigFor(LogicalType.Boolean).setCoercion(CoercionInputShape.String, CoercionAction.Fail);
        return mapper;
    }
}

{{/* What the pods of relay and publisher have in common. Each takes (list $ "relay"). */}}

{{/* A probe of the management port. (list probe "/q/health/live") */}}
{{- define "lightline.probe" -}}
httpGet:
  path: {{ index . 1 }}
  port: management
{{ toYaml (omit (index . 0) "httpGet" "exec" "tcpSocket" "grpc") }}
{{- end }}

{{- define "lightline.probes" -}}
{{- $ := index . 0 -}}
{{- $probes := (index $.Values (index . 1)).probes -}}
startupProbe:
  {{- include "lightline.probe" (list $probes.startup "/q/health/started") | nindent 2 }}
livenessProbe:
  {{- include "lightline.probe" (list $probes.liveness "/q/health/live") | nindent 2 }}
readinessProbe:
  {{- include "lightline.probe" (list $probes.readiness "/q/health/ready") | nindent 2 }}
{{- end }}

{{/* Environment of both services. */}}
{{- define "lightline.env" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := index $.Values $component -}}
{{- $full := include "lightline.fullname" $ -}}
{{- with $values.javaToolOptions }}
- name: JAVA_TOOL_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- if $.Values.logging.json }}
- name: QUARKUS_LOG_CONSOLE_JSON_ENABLED
  value: "true"
{{- end }}
{{- if $.Values.tracing.enabled }}
- name: QUARKUS_OTEL_SDK_DISABLED
  value: "false"
- name: QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ $.Values.tracing.endpoint | quote }}
- name: QUARKUS_OTEL_TRACES_SAMPLER_ARG
  value: {{ $.Values.tracing.samplingRatio | quote }}
{{- end }}
{{- if eq $.Values.config.source "kubernetes" }}
- name: QUARKUS_KUBERNETES_CONFIG_ENABLED
  value: "true"
- name: QUARKUS_KUBERNETES_CONFIG_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: QUARKUS_KUBERNETES_CONFIG_CONFIG_MAPS
  value: {{ $full }}-{{ $component }}
- name: QUARKUS_KUBERNETES_CONFIG_SECRETS
  value: {{ $full }}-{{ $component }}
{{- end }}
{{- if $.Values.valkey.enabled }}
- name: QUARKUS_REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.valkey.auth.existingSecret | default (printf "%s-valkey" $full) }}
      key: {{ ternary $.Values.valkey.auth.existingSecretKey "password" (ne $.Values.valkey.auth.existingSecret "") }}
{{- else if $.Values.redis.existingSecret.name }}
{{- if $.Values.redis.existingSecret.urlKey }}
- name: QUARKUS_REDIS_HOSTS
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.redis.existingSecret.name }}
      key: {{ $.Values.redis.existingSecret.urlKey }}
{{- else }}
- name: QUARKUS_REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.redis.existingSecret.name }}
      key: {{ $.Values.redis.existingSecret.passwordKey }}
{{- end }}
{{- else if $.Values.redis.password }}
- name: QUARKUS_REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $full }}-redis
      key: password
{{- end }}
{{- with $values.extraEnv }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end }}

{{- define "lightline.volumes" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- $full := include "lightline.fullname" $ -}}
# Java and Vert.x want one place to write to.
- name: tmp
  emptyDir:
    sizeLimit: 128Mi
{{- if eq $.Values.config.source "files" }}
- name: config
  configMap:
    name: {{ $full }}-{{ $component }}
{{- end }}
{{- if and $.Values.redis.tls.caSecret (not $.Values.valkey.enabled) }}
- name: redis-ca
  secret:
    secretName: {{ $.Values.redis.tls.caSecret }}
    defaultMode: 0440
{{- end }}
{{- if and $.Values.redis.tls.clientSecret (not $.Values.valkey.enabled) }}
- name: redis-client
  secret:
    secretName: {{ $.Values.redis.tls.clientSecret }}
    defaultMode: 0440
{{- end }}
{{- with (index $.Values $component).extraVolumes }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end }}

{{- define "lightline.mounts" -}}
{{- $ := index . 0 -}}
- name: tmp
  mountPath: /tmp
{{- if eq $.Values.config.source "files" }}
- name: config
  mountPath: /deployments/config
  readOnly: true
{{- end }}
{{- if and $.Values.redis.tls.caSecret (not $.Values.valkey.enabled) }}
- name: redis-ca
  mountPath: /deployments/redis-ca
  readOnly: true
{{- end }}
{{- if and $.Values.redis.tls.clientSecret (not $.Values.valkey.enabled) }}
- name: redis-client
  mountPath: /deployments/redis-client
  readOnly: true
{{- end }}
{{- with (index $.Values (index . 1)).extraVolumeMounts }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end }}

{{/* Where pods run. (list $ "relay" values) */}}
{{- define "lightline.placement" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := index . 2 -}}
{{- $spread := list -}}
{{- range $key, $topology := dict "hostname" "kubernetes.io/hostname" "zone" "topology.kubernetes.io/zone" -}}
  {{- with index ($values.spread | default dict) $key -}}
    {{- $labels := include "lightline.selector" (list $ $component) | fromYaml -}}
    {{- $spread = append $spread (dict "maxSkew" 1 "topologyKey" $topology "whenUnsatisfiable" . "labelSelector" (dict "matchLabels" $labels) "matchLabelKeys" (list "pod-template-hash")) -}}
  {{- end -}}
{{- end -}}
{{- $spread = concat $spread ($values.topologySpreadConstraints | default list) -}}
{{- with $spread }}
topologySpreadConstraints:
  {{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with $values.dnsConfig }}
dnsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The first lines of each pod: no token, no service links. (list $ "relay") */}}
{{- define "lightline.podHead" -}}
{{- $ := index . 0 -}}
{{- $values := index $.Values (index . 1) -}}
serviceAccountName: {{ include "lightline.serviceAccountName" . }}
automountServiceAccountToken: {{ eq $.Values.config.source "kubernetes" }}
enableServiceLinks: false
{{- with $.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $values.podSecurityContext | nindent 2 }}
{{ include "lightline.placement" (list $ (index . 1) $values) | trim }}
{{- with $values.initContainers }}
initContainers:
  {{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
{{- end }}

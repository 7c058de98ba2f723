{{/* Names, labels and images. */}}

{{- define "lightline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Short enough for the longest suffix of a name that becomes a DNS label. */}}
{{- define "lightline.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "lightline.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* What finds the pods of a component; never changes. (list $ "relay") */}}
{{- define "lightline.selector" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: {{ include "lightline.name" $ }}
app.kubernetes.io/instance: {{ $.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of an object of a component. (list $ "relay") */}}
{{- define "lightline.labels" -}}
{{- $ := index . 0 -}}
{{ include "lightline.selector" . }}
app.kubernetes.io/part-of: lightline
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels of pods: without versions, so that a new chart alone restarts nobody. (list $ "relay") */}}
{{- define "lightline.podLabels" -}}
{{- $ := index . 0 -}}
{{ include "lightline.selector" . }}
app.kubernetes.io/part-of: lightline
{{- with $.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Metadata of an object. (list $ "relay" "name" annotations further-labels) */}}
{{- define "lightline.metadata" -}}
{{- $ := index . 0 -}}
{{- $annotations := dict -}}
{{- if gt (len .) 3 }}{{ $annotations = mergeOverwrite $annotations (deepCopy $.Values.commonAnnotations) (index . 3 | default dict) }}
{{- else }}{{ $annotations = $.Values.commonAnnotations }}{{ end -}}
name: {{ index . 2 }}
namespace: {{ $.Release.Namespace }}
labels:
  {{- include "lightline.labels" (list $ (index . 1)) | nindent 2 }}
  {{- if gt (len .) 4 }}
  {{- with index . 4 }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- end }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* (list $ image default-tag) */}}
{{- define "lightline.image" -}}
{{- $ := index . 0 -}}
{{- $image := index . 1 -}}
{{- with $image.registry | default $.Values.image.registry }}{{ . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default (index . 2) }}{{ end -}}
{{- end }}

{{/* The tag of Lightline's own images. */}}
{{- define "lightline.tag" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end }}

{{/* (list $ "relay") */}}
{{- define "lightline.serviceAccountName" -}}
{{- $ := index . 0 -}}
{{- $account := (index $.Values (index . 1)).serviceAccount -}}
{{- if $account.name }}{{ $account.name }}
{{- else if $account.create }}{{ include "lightline.fullname" $ }}-{{ index . 1 }}
{{- else }}default{{ end -}}
{{- end }}

{{/* "true" when the relay's number of pods is somebody else's business. */}}
{{- define "lightline.relay.scaled" -}}
{{- if or .Values.relay.autoscaling.enabled .Values.relay.keda.enabled }}true{{ end -}}
{{- end }}

{{/* The number of relay pods that there are at least. */}}
{{- define "lightline.relay.leastPods" -}}
{{- if .Values.relay.autoscaling.enabled }}{{ .Values.relay.autoscaling.minReplicas }}
{{- else if .Values.relay.keda.enabled }}{{ .Values.relay.keda.minReplicas }}
{{- else }}{{ .Values.relay.replicas }}{{ end -}}
{{- end }}

{{- define "lightline.relay.mostPods" -}}
{{- if .Values.relay.autoscaling.enabled }}{{ .Values.relay.autoscaling.maxReplicas }}
{{- else if .Values.relay.keda.enabled }}{{ .Values.relay.keda.maxReplicas }}
{{- else }}{{ .Values.relay.replicas }}{{ end -}}
{{- end }}

{{/* Seconds that a pod may need to end: preStop counts, and 15 s are for goodbyes and requests that are being answered. */}}
{{- define "lightline.relay.leastGrace" -}}
{{- add .Values.relay.drain.preStopSeconds .Values.relay.drain.windowSeconds 15 -}}
{{- end }}

{{- define "lightline.relay.grace" -}}
{{- .Values.relay.terminationGracePeriodSeconds | default (include "lightline.relay.leastGrace" .) -}}
{{- end }}

{{/* A healthy roll-out of all pods, one after the other, is no failure. */}}
{{- define "lightline.relay.progressDeadline" -}}
{{- $pods := include "lightline.relay.mostPods" . | int -}}
{{- $each := add (include "lightline.relay.grace" . | int) .Values.relay.rollout.minReadySeconds 30 -}}
{{- .Values.relay.rollout.progressDeadlineSeconds | default (max 600 (mul $pods $each)) -}}
{{- end }}

{{/* "true" where there is a Redis. */}}
{{- define "lightline.hasRedis" -}}
{{- if or .Values.valkey.enabled .Values.redis.hosts .Values.redis.existingSecret.urlKey }}true{{ end -}}
{{- end }}

{{/* "true" where the publisher runs. */}}
{{- define "lightline.hasPublisher" -}}
{{- if .Values.publisher.enabled }}true{{ end -}}
{{- end }}

{{/* Whether load balancers of Google ask for readiness. */}}
{{- define "lightline.gke.checks" -}}
{{- if or .Values.gke.backendConfig.enabled .Values.gke.healthCheckPolicy.enabled (and .Values.ingress.enabled (eq .Values.ingress.preset "gke")) }}yes{{ end -}}
{{- end }}

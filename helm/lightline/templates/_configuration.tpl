{{/* What goes into the services' configuration. Templates that make YAML of a map, to be read with fromYaml. */}}

{{- define "lightline.demoTenant" -}}
anonymous: true
allowed-origins: "*"
namespaces:
  chat: {prefix: "chat:", publish: anybody, history-size: 1000, history-ttl: 10m, presence-enabled: true, join-leave: true}
  event: {prefix: /event/, history-size: 1000, history-ttl: 72h}
  data: {prefix: /data/, history-size: 1000, history-ttl: 72h}
  order: {prefix: /event/Order__e, publish: anybody, history-size: 1000, history-ttl: 72h, salesforce-publish: true}
{{- end }}

{{- define "lightline.testTenant" -}}
limits: {max-connections: 16}
issuers:
  helm: {issuer: helm-test, audience: helm-test, hmac-secret-file: /deployments/test/secret}
namespaces:
  test: {prefix: "test:", subscribe: authenticated, publish: authenticated}
{{- end }}

{{- define "lightline.demoOrg" -}}
topics: [/event/Order__e, /data/AccountChangeEvent]
publish-topics: [/event/Order__e]
login-url: http://{{ include "lightline.fullname" . }}-simulator:7080
client-id: demo-client
client-secret: demo-secret
endpoint-host: {{ include "lightline.fullname" . }}-simulator
endpoint-port: 7443
plaintext: true
settle-time: 2s
{{- end }}

{{/*
The tenants, taken apart: `public` and `secret` configuration, `env` from Secrets (names to references), and `mounts`: Secrets whose files
the configuration names.
*/}}
{{- define "lightline.relay.tenants" -}}
{{- $tenants := deepCopy .Values.relay.tenants -}}
{{- if .Values.simulator.enabled }}{{ $_ := set $tenants "demo" (include "lightline.demoTenant" . | fromYaml) }}{{ end -}}
{{- if .Values.tests.enabled }}{{ $_ := set $tenants "helm-test" (include "lightline.testTenant" . | fromYaml) }}{{ end -}}
{{- $secret := dict -}}
{{- $env := dict -}}
{{- $mounts := dict -}}
{{- range $id, $tenant := $tenants -}}
  {{- $hidden := dict -}}
  {{- $existing := $tenant.existingSecret | default dict -}}
  {{- $_ := unset $tenant "existingSecret" -}}
  {{- with index $tenant "api-keys" }}{{ $_ := set $hidden "api-keys" . }}{{ end -}}
  {{- $_ := unset $tenant "api-keys" -}}
  {{- $issuers := $tenant.issuers | default dict -}}
  {{- range $name, $issuer := $issuers -}}
    {{- with index $issuer "hmac-secret" -}}
      {{- $_ := set $hidden "issuers" (merge (dict $name (dict "hmac-secret" .)) ($hidden.issuers | default dict)) -}}
    {{- end -}}
    {{- $_ := unset $issuer "hmac-secret" -}}
  {{- end -}}
  {{- with $existing.apiKeysKey -}}
    {{- $variable := printf "TENANT_%s_API_KEYS" (regexReplaceAll "[^A-Z0-9]" (upper $id) "_") -}}
    {{- $_ := set $tenant "api-keys" (printf "${%s}" $variable) -}}
    {{- $_ := set $env $variable (dict "name" $existing.name "key" .) -}}
  {{- end -}}
  {{- range $name, $key := $existing.hmacSecretKeys -}}
    {{- $_ := set (index $issuers $name) "hmac-secret-file" (printf "/deployments/tenants/%s/%s" $existing.name $key) -}}
    {{- $_ := set $mounts $existing.name true -}}
  {{- end -}}
  {{- range $name, $key := $existing.publicKeyKeys -}}
    {{- $_ := set (index $issuers $name) "public-key-files" (list (printf "/deployments/tenants/%s/%s" $existing.name $key)) -}}
    {{- $_ := set $mounts $existing.name true -}}
  {{- end -}}
  {{- if $hidden }}{{ $_ := set $secret $id $hidden }}{{ end -}}
{{- end -}}
{{- dict "public" $tenants "secret" $secret "env" $env "mounts" (keys $mounts | sortAlpha) | toYaml -}}
{{- end }}

{{/* The orgs, taken apart: `public` configuration, `secret` files of the chart's Secret, and `mounts`: Secrets of others. */}}
{{- define "lightline.publisher.orgs" -}}
{{- $orgs := deepCopy .Values.publisher.orgs -}}
{{- if .Values.simulator.enabled }}{{ $_ := set $orgs "demo" (include "lightline.demoOrg" . | fromYaml) }}{{ end -}}
{{- $secret := dict -}}
{{- $hidden := dict -}}
{{- $mounts := dict -}}
{{- range $name, $org := $orgs -}}
  {{- $existing := $org.existingSecret | default dict -}}
  {{- $_ := unset $org "existingSecret" -}}
  {{- with index $org "client-secret" -}}
    {{- if eq $.Values.config.source "kubernetes" -}}
      {{- $_ := set $hidden $name (dict "client-secret" .) -}}
    {{- else -}}
      {{- $_ := set $secret (printf "%s.client-secret" $name) . -}}
      {{- $_ := set $org "client-secret-file" (printf "/deployments/secrets/%s.client-secret" $name) -}}
    {{- end -}}
  {{- end -}}
  {{- $_ := unset $org "client-secret" -}}
  {{- with index $org "private-key" -}}
    {{- $_ := set $secret (printf "%s.pem" $name) . -}}
    {{- $_ := set $org "private-key-file" (printf "/deployments/secrets/%s.pem" $name) -}}
  {{- end -}}
  {{- $_ := unset $org "private-key" -}}
  {{- range $from, $to := dict "clientSecretKey" "client-secret-file" "privateKeyKey" "private-key-file" "trustCertificateKey" "trust-certificate-file" -}}
    {{- with index $existing $from -}}
      {{- $_ := set $org $to (printf "/deployments/orgs-secrets/%s/%s" $existing.name .) -}}
      {{- $_ := set $mounts $existing.name true -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "public" $orgs "secret" $secret "hidden" $hidden "mounts" (keys $mounts | sortAlpha) | toYaml -}}
{{- end }}

{{/* quarkus.redis.*, without the password, which is an environment variable. */}}
{{- define "lightline.redis" -}}
{{- $redis := .Values.redis -}}
{{- $hosts := list -}}
{{- $settings := dict -}}
{{- if .Values.valkey.enabled -}}
  {{- $hosts = list (printf "redis://%s-valkey:6379" (include "lightline.fullname" .)) -}}
{{- else -}}
  {{- range $redis.hosts -}}
    {{- $host := . -}}
    {{- if not (regexMatch ":[0-9]+$" $host) }}{{ $host = printf "%s:%s" $host (ternary "26379" "6379" (eq $redis.mode "sentinel")) }}{{ end -}}
    {{- $host = printf "%s://%s" (ternary "rediss" "redis" $redis.tls.enabled) $host -}}
    {{- if $redis.database }}{{ $host = printf "%s/%d" $host (int $redis.database) }}{{ end -}}
    {{- with $redis.username }}{{ $host = printf "%s?user=%s" $host (urlquery .) }}{{ end -}}
    {{- $hosts = append $hosts $host -}}
  {{- end -}}
  {{- if ne $redis.mode "standalone" }}{{ $_ := set $settings "client-type" $redis.mode }}{{ end -}}
  {{- with $redis.masterName }}{{ $_ := set $settings "master-name" . }}{{ end -}}
  {{- if $redis.tls.enabled }}{{ $_ := set $settings "tls-configuration-name" "redis" }}{{ end -}}
{{- end -}}
{{- if $hosts }}{{ $_ := set $settings "hosts" (join "," $hosts) }}{{ end -}}
{{- $settings | toYaml -}}
{{- end }}

{{/* What both services are told. */}}
{{- define "lightline.commonConfiguration" -}}
{{- $quarkus := dict "log" (dict "level" .Values.logging.level) -}}
{{- with .Values.logging.categories -}}
  {{- $categories := dict -}}
  {{- range $category, $level := . }}{{ $_ := set $categories $category (dict "level" $level) }}{{ end -}}
  {{- $_ := set $quarkus.log "category" $categories -}}
{{- end -}}
{{- $backplane := dict "key-prefix" .Values.redis.keyPrefix "durable" .Values.redis.durable -}}
{{- if include "lightline.hasRedis" . -}}
  {{- with include "lightline.redis" . | fromYaml }}{{ $_ := set $quarkus "redis" . }}{{ end -}}
  {{- if and .Values.redis.tls.enabled (not .Values.valkey.enabled) -}}
    {{- $tls := dict -}}
    {{- if .Values.redis.tls.caSecret -}}
      {{- $_ := set $tls "trust-store" (dict "pem" (dict "certs" (printf "/deployments/redis-ca/%s" .Values.redis.tls.caKey))) -}}
    {{- end -}}
    {{- if .Values.redis.tls.clientSecret -}}
      {{- $_ := set $tls "key-store" (dict "pem" (dict "0" (dict "cert" "/deployments/redis-client/tls.crt" "key" "/deployments/redis-client/tls.key"))) -}}
    {{- end -}}
    {{- $_ := set $tls "hostname-verification-algorithm" "HTTPS" -}}
    {{- $_ := set $quarkus "tls" (dict "redis" $tls) -}}
  {{- end -}}
{{- else -}}
  {{- $_ := set $backplane "type" "memory" -}}
{{- end -}}
{{- dict "quarkus" $quarkus "lightline" (dict "backplane" $backplane) | toYaml -}}
{{- end }}

{{/* application.yaml of the relay. */}}
{{- define "lightline.relay.configuration" -}}
{{- $configuration := include "lightline.commonConfiguration" . | fromYaml -}}
{{- $_ := set $configuration.lightline "drain" (dict "window" (printf "%ds" (int .Values.relay.drain.windowSeconds))) -}}
{{- $tenants := include "lightline.relay.tenants" . | fromYaml -}}
{{- $_ := set $configuration.lightline "limits" (dict "max-connections" (int .Values.relay.maxConnections)) -}}
{{- $_ := set $configuration.lightline "tenants" $tenants.public -}}
{{- with .Values.relay.trustedProxies -}}
  {{- $_ := set $configuration.quarkus "http" (dict "proxy" (dict "proxy-address-forwarding" true "trusted-proxies" (join "," .))) -}}
{{- end -}}
{{- mergeOverwrite $configuration (deepCopy .Values.relay.config) | toYaml -}}
{{- end }}

{{/* application.yaml of the relay's Secret; empty when nothing is secret. */}}
{{- define "lightline.relay.secretConfiguration" -}}
{{- $tenants := include "lightline.relay.tenants" . | fromYaml -}}
{{- if or $tenants.secret (eq .Values.config.source "kubernetes") -}}
{{- dict "lightline" (dict "tenants" $tenants.secret) | toYaml -}}
{{- end -}}
{{- end }}

{{/* application.yaml of the publisher. */}}
{{- define "lightline.publisher.configuration" -}}
{{- $configuration := include "lightline.commonConfiguration" . | fromYaml -}}
{{- if eq .Values.config.source "files" -}}
  {{- $_ := set $configuration.lightline "publisher" (dict "orgs-file" "/deployments/orgs/orgs.yaml") -}}
{{- else -}}
  {{- $orgs := include "lightline.publisher.orgs" . | fromYaml -}}
  {{- $_ := set $configuration.lightline "publisher" (dict "orgs" $orgs.public) -}}
{{- end -}}
{{- mergeOverwrite $configuration (deepCopy .Values.publisher.config) | toYaml -}}
{{- end }}

{{/* The publisher's Secret: files, and with `config.source: kubernetes` an application.yaml. */}}
{{- define "lightline.publisher.secret" -}}
{{- $orgs := include "lightline.publisher.orgs" . | fromYaml -}}
{{- $data := $orgs.secret -}}
{{- if eq .Values.config.source "kubernetes" -}}
  {{- $_ := set $data "application.yaml" (dict "lightline" (dict "publisher" (dict "orgs" $orgs.hidden)) | toYaml) -}}
{{- end -}}
{{- $data | toYaml -}}
{{- end }}

{{/*
A word by lot that stays what it is: from the Secret that is there, else new, and the same for the whole rendering.
(list $ "secret name" "key")
*/}}
{{- define "lightline.lot" -}}
{{- $ := index . 0 -}}
{{- $name := index . 1 -}}
{{- $memory := printf "_lot_%s" $name -}}
{{- if not (hasKey $.Values $memory) -}}
  {{- $present := lookup "v1" "Secret" $.Release.Namespace $name | default dict -}}
  {{- $word := index ($present.data | default dict) (index . 2) | default "" | b64dec -}}
  {{- $_ := set $.Values $memory ($word | default (randAlphaNum 48)) -}}
{{- end -}}
{{- index $.Values $memory -}}
{{- end }}

{{/* What contradicts itself is told at once, all of it, before anything is installed. */}}
{{- define "lightline.checks" -}}
{{- $wrong := list -}}
{{- $relay := .Values.relay -}}
{{- $redis := .Values.redis -}}
{{- $valkey := .Values.valkey -}}

{{- /* Pods and Redis */ -}}
{{- if and $relay.autoscaling.enabled $relay.keda.enabled -}}
  {{- $wrong = append $wrong "relay.autoscaling.enabled and relay.keda.enabled: KEDA makes a HorizontalPodAutoscaler of its own, and two would fight. Enable one." -}}
{{- end -}}
{{- range $name := list "autoscaling" "keda" -}}
  {{- $scaling := index $relay $name -}}
  {{- if and $scaling.enabled (gt (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
    {{- $wrong = append $wrong (printf "relay.%s.minReplicas (%d) is more than maxReplicas (%d)." $name (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
  {{- end -}}
  {{- if and $scaling.enabled $scaling.cpuUtilization (not (dig "requests" "cpu" "" $relay.resources)) -}}
    {{- $wrong = append $wrong (printf "relay.%s.cpuUtilization is a share of relay.resources.requests.cpu, which is not set. Set it, or cpuUtilization to 0." $name) -}}
  {{- end -}}
{{- end -}}
{{- if and $relay.autoscaling.enabled (not (or $relay.autoscaling.cpuUtilization $relay.autoscaling.connectionsPerPod $relay.autoscaling.metrics)) -}}
  {{- $wrong = append $wrong "relay.autoscaling has nothing to scale on: set cpuUtilization, connectionsPerPod or metrics." -}}
{{- end -}}
{{- if and $relay.keda.enabled (not $relay.keda.prometheusAddress) -}}
  {{- $wrong = append $wrong "relay.keda.enabled needs relay.keda.prometheusAddress, where the connections are asked for." -}}
{{- end -}}
{{- if not (include "lightline.hasRedis" .) -}}
  {{- if gt (include "lightline.relay.mostPods" . | int) 1 -}}
    {{- $wrong = append $wrong "More than one relay pod needs a Redis between them: set redis.hosts (or redis.existingSecret.urlKey) or valkey.enabled, or run one pod (relay.replicas: 1, no autoscaling)." -}}
  {{- end -}}
  {{- if .Values.publisher.enabled -}}
    {{- $wrong = append $wrong "The publisher reaches relays through Redis only: set redis.hosts (or redis.existingSecret.urlKey) or valkey.enabled, or publisher.enabled to false." -}}
  {{- end -}}
{{- end -}}
{{- if and $valkey.enabled (or $redis.hosts $redis.existingSecret.urlKey) -}}
  {{- $wrong = append $wrong "redis names a Redis of yours and valkey.enabled is true: set valkey.enabled to false, or take redis.hosts out." -}}
{{- end -}}
{{- if and $valkey.enabled (or $redis.password $redis.existingSecret.name $redis.username $redis.tls.enabled (ne $redis.mode "standalone")) -}}
  {{- $wrong = append $wrong "redis.mode, username, password, existingSecret and tls are about a Redis of yours, and valkey.enabled is true: set valkey.enabled to false; the chart's Valkey has valkey.auth." -}}
{{- end -}}
{{- if and $redis.password $redis.existingSecret.name -}}
  {{- $wrong = append $wrong "redis.password and redis.existingSecret.name: give one." -}}
{{- end -}}
{{- if and $redis.existingSecret.urlKey (not $redis.existingSecret.name) -}}
  {{- $wrong = append $wrong "redis.existingSecret.urlKey needs redis.existingSecret.name." -}}
{{- end -}}
{{- if and $redis.existingSecret.urlKey $redis.hosts -}}
  {{- $wrong = append $wrong "redis.hosts and redis.existingSecret.urlKey: give one." -}}
{{- end -}}
{{- if and $redis.username (not (or $redis.password $redis.existingSecret.name)) -}}
  {{- $wrong = append $wrong "redis.username needs redis.password or redis.existingSecret." -}}
{{- end -}}
{{- if eq $redis.mode "cluster" -}}
  {{- $wrong = append $wrong "redis.mode: cluster is not spoken by this version of Lightline: a single server (standalone) or Sentinels." -}}
{{- end -}}
{{- if and (eq $redis.mode "sentinel") (not $redis.masterName) -}}
  {{- $wrong = append $wrong "redis.mode: sentinel needs redis.masterName." -}}
{{- end -}}
{{- if and (gt (len $redis.hosts) 1) (eq $redis.mode "standalone") -}}
  {{- $wrong = append $wrong "redis.hosts has several addresses and redis.mode is standalone: name one, or set redis.mode to sentinel." -}}
{{- end -}}
{{- if and $redis.tls.enabled $redis.existingSecret.urlKey -}}
  {{- $wrong = append $wrong "redis.tls.enabled and redis.existingSecret.urlKey: the address says it itself (rediss://)." -}}
{{- end -}}
{{- if and $valkey.auth.password $valkey.auth.existingSecret -}}
  {{- $wrong = append $wrong "valkey.auth.password and valkey.auth.existingSecret: give one." -}}
{{- end -}}
{{- if and (eq (int $relay.rollout.maxSurge) 0) (eq (int $relay.rollout.maxUnavailable) 0) -}}
  {{- $wrong = append $wrong "relay.rollout: maxSurge and maxUnavailable are both 0, so nothing could ever be rolled out." -}}
{{- end -}}

{{- /* Drain */ -}}
{{- $least := include "lightline.relay.leastGrace" . | int -}}
{{- if lt (include "lightline.relay.grace" . | int) $least -}}
  {{- $wrong = append $wrong (printf "relay.terminationGracePeriodSeconds (%d) is less than drain.preStopSeconds (%d) + drain.windowSeconds (%d) + 15 = %d: pods would be killed while they drain." (int $relay.terminationGracePeriodSeconds) (int $relay.drain.preStopSeconds) (int $relay.drain.windowSeconds) $least) -}}
{{- end -}}
{{- if dig "lightline" "drain" "window" "" $relay.config -}}
  {{- $wrong = append $wrong "relay.config sets lightline.drain.window: set relay.drain.windowSeconds, which the grace period is computed from." -}}
{{- end -}}
{{- if or (dig "quarkus" "shutdown" "delay" "" $relay.config) (dig "quarkus" "shutdown" "timeout" "" $relay.config) -}}
  {{- $wrong = append $wrong "relay.config sets quarkus.shutdown.delay or timeout, which would wait in addition to the drain: use relay.drain." -}}
{{- end -}}
{{- if dig "lightline" "tenants" "" $relay.config -}}
  {{- $wrong = append $wrong "relay.config sets lightline.tenants: use relay.tenants, which keeps secrets out of the ConfigMap." -}}
{{- end -}}
{{- if or (dig "lightline" "publisher" "orgs" "" .Values.publisher.config) (dig "lightline" "publisher" "orgs-file" "" .Values.publisher.config) -}}
  {{- $wrong = append $wrong "publisher.config sets lightline.publisher.orgs or orgs-file: use publisher.orgs, which keeps secrets out of the ConfigMap." -}}
{{- end -}}

{{- /* Tenants */ -}}
{{- if not (or $relay.tenants .Values.simulator.enabled) -}}
  {{- $wrong = append $wrong "relay.tenants is empty, so nobody could connect. Add a tenant (README.md, Tenants), or try the demo: --set simulator.enabled=true" -}}
{{- end -}}
{{- $anonymous := ternary (list "demo") list .Values.simulator.enabled -}}
{{- $variables := dict -}}
{{- range $id, $tenant := $relay.tenants -}}
  {{- if $tenant.anonymous }}{{ $anonymous = append $anonymous $id }}{{ end -}}
  {{- $variable := regexReplaceAll "[^A-Z0-9]" (upper $id) "_" -}}
  {{- if hasKey $variables $variable -}}
    {{- $wrong = append $wrong (printf "relay.tenants: %s and %s are too much alike." (index $variables $variable) $id) -}}
  {{- end -}}
  {{- $_ := set $variables $variable $id -}}
  {{- $existing := $tenant.existingSecret | default dict -}}
  {{- $issuers := $tenant.issuers | default dict -}}
  {{- if not (or $tenant.anonymous $issuers) -}}
    {{- $wrong = append $wrong (printf "relay.tenants.%s has no issuers, so no token could be good, and is not anonymous." $id) -}}
  {{- end -}}
  {{- if not (hasKey $tenant "allowed-origins") -}}
    {{- $wrong = append $wrong (printf "relay.tenants.%s has no allowed-origins: name the origins of the pages that may connect, or [] when no browser shall." $id) -}}
  {{- else if not (or (index $tenant "allowed-origins") (dig "allow-no-origin" true $tenant)) -}}
    {{- $wrong = append $wrong (printf "relay.tenants.%s has no allowed-origins and allow-no-origin: false, so nobody could connect." $id) -}}
  {{- end -}}
  {{- if not $tenant.namespaces -}}
    {{- $wrong = append $wrong (printf "relay.tenants.%s has no namespaces, so there are no channels." $id) -}}
  {{- end -}}
  {{- if and $existing.apiKeysKey (index $tenant "api-keys") -}}
    {{- $wrong = append $wrong (printf "relay.tenants.%s: api-keys and existingSecret.apiKeysKey: give one." $id) -}}
  {{- end -}}
  {{- range $name, $key := $existing.hmacSecretKeys -}}
    {{- if not (hasKey $issuers $name) -}}
      {{- $wrong = append $wrong (printf "relay.tenants.%s.existingSecret.hmacSecretKeys names the issuer %s, which is not there." $id $name) -}}
    {{- else if or (index $issuers $name "hmac-secret") (index $issuers $name "hmac-secret-file") -}}
      {{- $wrong = append $wrong (printf "relay.tenants.%s.issuers.%s: hmac-secret and existingSecret.hmacSecretKeys: give one." $id $name) -}}
    {{- end -}}
  {{- end -}}
  {{- range $name, $key := $existing.publicKeyKeys -}}
    {{- if not (hasKey $issuers $name) -}}
      {{- $wrong = append $wrong (printf "relay.tenants.%s.existingSecret.publicKeyKeys names the issuer %s, which is not there." $id $name) -}}
    {{- end -}}
  {{- end -}}
  {{- range $name, $issuer := $issuers -}}
    {{- $keys := or (index $issuer "hmac-secret") (index $issuer "hmac-secret-file") (index $issuer "public-keys") (index $issuer "public-key-files") (index $issuer "jwks-url") -}}
    {{- if not (or $keys (hasKey ($existing.hmacSecretKeys | default dict) $name) (hasKey ($existing.publicKeyKeys | default dict) $name)) -}}
      {{- $wrong = append $wrong (printf "relay.tenants.%s.issuers.%s has no key: hmac-secret, public-keys, jwks-url, or one from existingSecret." $id $name) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- if gt (len $anonymous) 1 -}}
  {{- $wrong = append $wrong (printf "At most one tenant may be anonymous, and these are: %s (demo is the simulator's)." (join ", " $anonymous)) -}}
{{- end -}}
{{- if and .Values.simulator.enabled (hasKey $relay.tenants "demo") -}}
  {{- $wrong = append $wrong "relay.tenants.demo: the simulator brings a tenant of that name. Choose another." -}}
{{- end -}}
{{- if and .Values.tests.enabled (hasKey $relay.tenants "helm-test") -}}
  {{- $wrong = append $wrong "relay.tenants.helm-test: `helm test` brings a tenant of that name. Choose another, or set tests.enabled to false." -}}
{{- end -}}

{{- /* Orgs */ -}}
{{- if .Values.publisher.enabled -}}
  {{- if not (or .Values.publisher.orgs .Values.simulator.enabled) -}}
    {{- $wrong = append $wrong "publisher.orgs is empty, so there is nothing to read. Add an org (README.md, Orgs), or set publisher.enabled to false." -}}
  {{- end -}}
  {{- if and .Values.simulator.enabled (hasKey .Values.publisher.orgs "demo") -}}
    {{- $wrong = append $wrong "publisher.orgs.demo: the simulator brings an org of that name. Choose another." -}}
  {{- end -}}
  {{- range $name, $org := .Values.publisher.orgs -}}
    {{- $existing := $org.existingSecret | default dict -}}
    {{- $logins := list -}}
    {{- range list "client-secret" "client-secret-file" "private-key" "private-key-file" }}{{ if index $org . }}{{ $logins = append $logins . }}{{ end }}{{ end -}}
    {{- range list "clientSecretKey" "privateKeyKey" }}{{ if index $existing . }}{{ $logins = append $logins (printf "existingSecret.%s" .) }}{{ end }}{{ end -}}
    {{- if eq (len $logins) 0 -}}
      {{- $wrong = append $wrong (printf "publisher.orgs.%s cannot log in: give client-secret, private-key, or existingSecret with clientSecretKey or privateKeyKey." $name) -}}
    {{- else if gt (len $logins) 1 -}}
      {{- $wrong = append $wrong (printf "publisher.orgs.%s has several ways to log in (%s): give one." $name (join ", " $logins)) -}}
    {{- end -}}
  {{- end -}}
{{- else if .Values.simulator.enabled -}}
  {{- $wrong = append $wrong "simulator.enabled needs the publisher (publisher.enabled)." -}}
{{- end -}}

{{- /* Exposure and monitoring */ -}}
{{- if and .Values.httpRoute.enabled (not (or .Values.httpRoute.parentRefs .Values.gateway.enabled)) -}}
  {{- $wrong = append $wrong "httpRoute.enabled needs httpRoute.parentRefs (or gateway.enabled)." -}}
{{- end -}}
{{- if and .Values.gateway.enabled (not (and .Values.gateway.className .Values.gateway.listeners)) -}}
  {{- $wrong = append $wrong "gateway.enabled needs gateway.className and gateway.listeners." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
  {{- $wrong = append $wrong "ingress.enabled needs ingress.hosts." -}}
{{- end -}}
{{- if and .Values.httpRoute.timeouts (or .Values.gke.backendPolicy.enabled .Values.gke.healthCheckPolicy.enabled) -}}
  {{- $wrong = append $wrong "httpRoute.timeouts: GKE's Gateway refuses routes that have any; gke.timeoutSeconds and gke.backendPolicy do it there." -}}
{{- end -}}
{{- if and .Values.monitoring.serviceMonitor.enabled .Values.monitoring.podMonitor.enabled -}}
  {{- $wrong = append $wrong "monitoring.serviceMonitor and monitoring.podMonitor: both would scrape every pod twice. Enable one." -}}
{{- end -}}
{{- if and .Values.tracing.enabled (not .Values.tracing.endpoint) -}}
  {{- $wrong = append $wrong "tracing.enabled needs tracing.endpoint." -}}
{{- end -}}

{{- if $wrong -}}
  {{- fail (printf "\n\nThese values contradict themselves:\n  - %s\n" (join "\n  - " $wrong)) -}}
{{- end -}}
{{- end }}

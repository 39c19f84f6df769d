{{- define "penstock.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "penstock.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "penstock.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "penstock.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that never change: of a component given as (list . "ingest-api"). */}}
{{- define "penstock.selector" -}}
app.kubernetes.io/name: {{ include "penstock.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "penstock.labels" -}}
{{ include "penstock.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
app.kubernetes.io/part-of: penstock
{{- end -}}

{{- define "penstock.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "penstock.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "penstock.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{- define "penstock.bootstrap" -}}
{{- if .Values.kafka.bootstrapServers -}}
{{ .Values.kafka.bootstrapServers }}
{{- else if .Values.strimzi.enabled -}}
{{ include "penstock.fullname" . }}-kafka-bootstrap:9093
{{- else -}}
{{- fail "kafka.bootstrapServers must be set, or strimzi.enabled" -}}
{{- end -}}
{{- end -}}

{{/* Client settings of a program, given as (list . "ingest"): the chart's, then those of everyone, then its own. */}}
{{- define "penstock.kafkaSettings" -}}
{{- $root := index . 0 -}}
{{- $settings := dict "bootstrap.servers" (include "penstock.bootstrap" $root) -}}
{{- if and $root.Values.strimzi.enabled $root.Values.strimzi.users -}}
{{- $_ := merge $settings (dict
      "security.protocol" "SSL"
      "ssl.truststore.type" "PEM"
      "ssl.truststore.location" "/etc/penstock/kafka-ca/ca.crt"
      "ssl.keystore.type" "PKCS12"
      "ssl.keystore.location" "/etc/penstock/kafka/user.p12"
      "ssl.keystore.password" "${dir:/etc/penstock/kafka:user.password}") -}}
{{- end -}}
{{- $settings = mergeOverwrite $settings (deepCopy $root.Values.kafka.settings) (deepCopy (index $root.Values.kafka.settingsOf (index . 1))) -}}
{{ toYaml $settings }}
{{- end -}}

{{/* The secret with a program's Kafka credentials, or nothing. */}}
{{- define "penstock.kafkaSecret" -}}
{{- $root := index . 0 -}}
{{- $own := index $root.Values.kafka.existingSecrets (index . 1) -}}
{{- if $own -}}
{{ $own }}
{{- else if $root.Values.kafka.existingSecret -}}
{{ $root.Values.kafka.existingSecret }}
{{- else if and $root.Values.strimzi.enabled $root.Values.strimzi.users -}}
{{ include "penstock.fullname" $root }}-{{ index . 1 }}
{{- end -}}
{{- end -}}

{{/* A settings file: every key of a dict as key=value, in alphabetical order. */}}
{{- define "penstock.properties" -}}
{{- range $key, $value := . }}
{{ $key }}={{ if kindIs "float64" $value }}{{ $value | int64 }}{{ else }}{{ $value }}{{ end }}
{{- end }}
{{- end -}}

{{- define "penstock.engines" -}}
{{- $engines := .Values.engines -}}
{{- if .Values.engine.enabled -}}
{{- $engines = append $engines (printf "dns+http://%s-engine.%s.svc:8000" (include "penstock.fullname" .) .Release.Namespace) -}}
{{- end -}}
{{- join "," $engines -}}
{{- end -}}

{{- define "penstock.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "penstock.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Probes on an admin port: liveness asks the process alone, nothing of Kafka; a start may restore state for long. */}}
{{- define "penstock.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: admin }
  periodSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: admin }
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: admin }
  periodSeconds: 5
  timeoutSeconds: 3
{{- end -}}

{{/* What the pods of a program share, given as (list . "ingest" "ingest-api"). Modes are decimal, 288 is octal 440:
     readers of YAML 1.2 take 0440 for something else. */}}
{{- define "penstock.volumes" -}}
{{- $root := index . 0 -}}
{{- $values := index $root.Values (index . 1) -}}
- name: tmp
  emptyDir: { sizeLimit: 1Gi }
- name: settings
  configMap: { name: {{ include "penstock.fullname" $root }} }
{{- with include "penstock.kafkaSecret" . }}
- name: kafka
  secret: { secretName: {{ . }}, defaultMode: 288 }
{{- end }}
{{- if and $root.Values.strimzi.enabled $root.Values.strimzi.users }}
- name: kafka-ca
  secret: { secretName: {{ include "penstock.fullname" $root }}-cluster-ca-cert, defaultMode: 288 }
{{- end }}
{{- if and (ne (index . 1) "topics") (eq $root.Values.payloads.kind "volume") }}
- name: payloads
  persistentVolumeClaim:
    claimName: {{ $root.Values.payloads.volume.existingClaim | default (printf "%s-payloads" (include "penstock.fullname" $root)) }}
{{- end }}
{{- with $values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "penstock.mounts" -}}
{{- $root := index . 0 -}}
{{- $values := index $root.Values (index . 1) -}}
- { name: tmp, mountPath: /tmp }
- { name: settings, mountPath: /etc/penstock/settings, readOnly: true }
{{- if include "penstock.kafkaSecret" . }}
- { name: kafka, mountPath: /etc/penstock/kafka, readOnly: true }
{{- end }}
{{- if and $root.Values.strimzi.enabled $root.Values.strimzi.users }}
- { name: kafka-ca, mountPath: /etc/penstock/kafka-ca, readOnly: true }
{{- end }}
{{- if and (ne (index . 1) "topics") (eq $root.Values.payloads.kind "volume") }}
- { name: payloads, mountPath: /var/lib/penstock/payloads }
{{- end }}
{{- with $values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "penstock.env" -}}
{{- $root := index . 0 -}}
{{- $values := index $root.Values (index . 1) -}}
- name: POD_NAME
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
{{- with $values.javaOpts }}
- { name: JAVA_OPTS, value: {{ . | quote }} }
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Where a program's pods go. */}}
{{- define "penstock.placing" -}}
{{- $values := index (index . 0).Values (index . 1) -}}
{{- with $values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: { matchLabels: { {{ include "penstock.selector" (list (index . 0) (index . 2)) | replace "\n" ", " }} } }
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: { matchLabels: { {{ include "penstock.selector" (list (index . 0) (index . 2)) | replace "\n" ", " }} } }
{{- end -}}

{{- define "penstock.pullSecrets" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A gpu-workers container, beside an engine or alone. */}}
{{- define "penstock.workerContainer" -}}
- name: gpu-workers
  image: {{ include "penstock.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [gpu-workers, --config, /etc/penstock/settings/gpu-workers.properties]
  securityContext: {{ include "penstock.containerSecurity" . | nindent 4 }}
  env:
    {{- include "penstock.env" (list . "workers") | nindent 4 }}
    - { name: WORKER_ID, value: $(POD_NAME) }
    {{- if eq .Values.workers.mode "sidecar" }}
    # By the address the API knows it by, which is how the worker hears of the calls it has there.
    - name: POD_IP
      valueFrom: { fieldRef: { fieldPath: status.podIP } }
    - { name: ENGINES, value: "http://$(POD_IP):8000" }
    {{- end }}
  {{- if and (eq .Values.payloads.kind "s3") .Values.payloads.existingSecret }}
  envFrom:
    - secretRef: { name: {{ .Values.payloads.existingSecret }} }
  {{- end }}
  ports:
    - { name: admin, containerPort: 9002 }
  {{- include "penstock.probes" . | nindent 2 }}
  resources: {{ toYaml .Values.workers.resources | nindent 4 }}
  volumeMounts: {{ include "penstock.mounts" (list . "workers") | nindent 4 }}
{{- end -}}

{{/* The metadata of a pod; the component is the second of two items. */}}
{{- define "myapi.podMetadata" -}}
{{- $component := index . 1 }}
{{- with index . 0 }}
labels:
  {{- include "myapi.labels" . | nindent 2 }}
  app.kubernetes.io/component: {{ $component }}
  {{- with .Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- $secret := include "myapi.secretVersion" . }}
{{- if or $secret .Values.podAnnotations }}
annotations:
  {{- with $secret }}
  checksum/secret: {{ sha256sum . }}
  {{- end }}
  {{- with .Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* It changes with the Secret, so pods are replaced by the next release. Empty where helm has no cluster. */}}
{{- define "myapi.secretVersion" -}}
{{- with .Values.existingSecret }}
{{- dig "metadata" "resourceVersion" "" (lookup "v1" "Secret" $.Release.Namespace .) }}
{{- end }}
{{- end }}

{{/* What all pods have in common: no rights, and nothing of the cluster in the environment. */}}
{{- define "myapi.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.serviceAccount }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
  {{- with .Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* The user of the Dockerfile. */}}
{{- define "myapi.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* What all containers have in common. */}}
{{- define "myapi.container" -}}
{{ with .Values.image -}}
image: {{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
imagePullPolicy: {{ .pullPolicy }}
{{- end }}
{{- if or .Values.existingSecret .Values.extraEnvFrom }}
envFrom:
  {{- with .Values.existingSecret }}
  - secretRef:
      name: {{ . }}
  {{- end }}
  {{- with .Values.extraEnvFrom }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- if or .Values.settings .Values.extraEnv }}
env:
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
resources:
  {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "myapi.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What the server has beside that. */}}
{{- define "myapi.server" -}}
ports:
  - name: http
    containerPort: 8000
# A release that cannot reach what it needs never takes over.
startupProbe:
  httpGet: {path: /health/ready, port: http}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /health/live, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
# Not /health/ready: an outage of a service that all replicas use would stop them,
# and clients would get the ingress' page instead of the application's 503 with Retry-After.
readinessProbe:
  httpGet: {path: /health/live, port: http}
  periodSeconds: 5
  timeoutSeconds: 5
lifecycle:
  preStop:
    # Until then, requests still come: not every node knows yet that the pod is going.
    sleep: {seconds: 5}
{{- end }}

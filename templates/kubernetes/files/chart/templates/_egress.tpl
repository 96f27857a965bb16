{{/* What pods may connect to. */}}
{{- define "myapi.egress" -}}
# DNS
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- range $name, $egress := .Values.networkPolicy.egress }}
# {{ $name }}
- ports:
    - port: {{ $egress.port }}
  {{- with $egress.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

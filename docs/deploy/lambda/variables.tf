variable "region" {
  description = "Where everything is"
  type        = string
}

variable "name" {
  description = "Prefix of all names"
  type        = string
  default     = "paperwork"
}

variable "image" {
  description = "Address of the image in ECR, made by sample-app/lambda.Dockerfile"
  type        = string
}

variable "signing_key" {
  description = "Key that messages are signed with: 32 random bytes in base64"
  type        = string
  sensitive   = true
}

variable "timeout" {
  description = "Seconds that an invocation may take, at most 900"
  type        = number
  default     = 300
}

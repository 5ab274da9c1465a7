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
  description = "Address of the image in ECR, made by sample-app/Dockerfile"
  type        = string
}

variable "signing_key_arn" {
  description = "ARN of the secret that holds the key messages are signed with"
  type        = string
}

variable "subnets" {
  description = "Subnets with a way to SQS, S3 and ECR"
  type        = list(string)
}

variable "security_groups" {
  description = "Security groups of the tasks"
  type        = list(string)
}

variable "instances" {
  description = "Number of tasks"
  type        = number
  default     = 1
}

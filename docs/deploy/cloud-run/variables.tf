variable "project" {
  description = "Id of the project, with billing enabled."
  type        = string
}

variable "region" {
  description = "Region of the service, the queues and the buckets."
  type        = string
  default     = "europe-west1"
}

variable "image" {
  description = "Image of Paperwork, such as europe-west1-docker.pkg.dev/my-project/paperwork/paperwork:1. It is pushed between the two runs of 'terraform apply' that docs/deploy-cloud-run.md describes."
  type        = string
}

variable "max_instances" {
  description = "Instances at most. More than one only where nobody uploads documents or imports over HTTP, which an instance keeps to itself."
  type        = number
  default     = 1
}

variable "users" {
  description = "Principals that may open Paperwork, such as user:jane@example.com. Never allUsers: the service believes that Cloud Run has checked its callers."
  type        = set(string)
  default     = []

  validation {
    condition     = !contains(var.users, "allUsers") && !contains(var.users, "allAuthenticatedUsers")
    error_message = "With JOBS_ENDPOINT_TRUST=platform the service must stay private."
  }
}

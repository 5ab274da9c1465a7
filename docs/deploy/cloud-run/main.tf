# Paperwork on Cloud Run, as docs/deploy-cloud-run.md makes it by hand.

locals {
  # Known before the service is there, which needs it in its environment.
  url          = "https://paperwork-${data.google_project.this.number}.${var.region}.run.app"
  queues       = toset(["documents", "imports", "heavy"])
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  runtime      = "serviceAccount:${google_service_account.runtime.email}"
}

data "google_project" "this" {
  project_id = var.project
}

resource "google_project_service" "apis" {
  for_each = toset([
    "artifactregistry.googleapis.com",
    "cloudtasks.googleapis.com",
    "iam.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "storage.googleapis.com",
  ])
  service            = each.value
  disable_on_destroy = false
}

resource "google_artifact_registry_repository" "paperwork" {
  repository_id = "paperwork"
  location      = var.region
  format        = "DOCKER"
  depends_on    = [google_project_service.apis]
}

# Accounts

resource "google_service_account" "runtime" {
  account_id   = "paperwork"
  display_name = "Paperwork runs as"
  depends_on   = [google_project_service.apis]
}

resource "google_service_account" "invoker" {
  account_id   = "paperwork-invoker"
  display_name = "Delivers jobs and events to Paperwork"
  depends_on   = [google_project_service.apis]
}

# Tasks carry the invoker's token: whoever creates them must be allowed to act as it.
resource "google_service_account_iam_member" "runtime_acts_as_invoker" {
  service_account_id = google_service_account.invoker.name
  role               = "roles/iam.serviceAccountUser"
  member             = local.runtime
}

resource "google_service_account_iam_member" "pubsub_makes_tokens" {
  service_account_id = google_service_account.invoker.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
  depends_on         = [google_project_service.apis]
}

# Queues. Retries are the library's: a queue that gives a task up would delete it.

resource "google_cloud_tasks_queue" "jobs" {
  for_each = local.queues
  name     = each.value
  location = var.region

  rate_limits {
    max_concurrent_dispatches = 10
  }

  retry_config {
    max_attempts = -1
    min_backoff  = "1s"
    max_backoff  = "300s"
  }

  depends_on = [google_project_service.apis]
}

resource "google_cloud_tasks_queue" "dead" {
  for_each = local.queues
  name     = "${each.value}-dead"
  location = var.region

  retry_config {
    max_attempts = -1
  }

  depends_on = [google_project_service.apis]
}

resource "google_cloud_tasks_queue_iam_member" "runtime_enqueues" {
  for_each = merge(google_cloud_tasks_queue.jobs, { for name, queue in google_cloud_tasks_queue.dead : "${name}-dead" => queue })
  name     = each.value.name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = local.runtime
}

# Buckets

resource "google_storage_bucket" "inbox" {
  name                        = "${var.project}-inbox"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  depends_on                  = [google_project_service.apis]
}

resource "google_storage_bucket" "pdf" {
  name                        = "${var.project}-pdf"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  depends_on                  = [google_project_service.apis]
}

resource "google_storage_bucket_iam_member" "runtime_reads" {
  bucket = google_storage_bucket.inbox.name
  role   = "roles/storage.objectViewer"
  member = local.runtime
}

# objectCreator may not replace a PDF.
resource "google_storage_bucket_iam_member" "runtime_writes" {
  bucket = google_storage_bucket.pdf.name
  role   = "roles/storage.objectUser"
  member = local.runtime
}

# The service

resource "google_cloud_run_v2_service" "paperwork" {
  name     = "paperwork"
  location = var.region
  ingress  = "INGRESS_TRAFFIC_ALL"

  template {
    service_account                  = google_service_account.runtime.email
    timeout                          = "660s"
    max_instance_request_concurrency = 4

    scaling {
      max_instance_count = var.max_instances
    }

    containers {
      image = var.image

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = {
          SPRING_PROFILES_ACTIVE           = "gcp"
          GOOGLE_CLOUD_PROJECT             = var.project
          PAPERWORK_LOCATION               = var.region
          PAPERWORK_URL                    = local.url
          PAPERWORK_INVOKER                = google_service_account.invoker.email
          PAPERWORK_OUTPUT                 = google_storage_bucket.pdf.url
          JOBS_ENDPOINT_TRUST              = "platform"
          JOBS_QUEUES_DOCUMENTS_DEADLETTER = google_cloud_tasks_queue.dead["documents"].name
          JOBS_QUEUES_IMPORTS_DEADLETTER   = google_cloud_tasks_queue.dead["imports"].name
          JOBS_QUEUES_HEAVY_DEADLETTER     = google_cloud_tasks_queue.dead["heavy"].name
        }
        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_cloud_run_v2_service_iam_member" "invokers" {
  for_each = merge(
    { invoker = "serviceAccount:${google_service_account.invoker.email}" },
    { for user in var.users : user => user },
  )
  name     = google_cloud_run_v2_service.paperwork.name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}

# Events of the bucket

resource "google_pubsub_topic" "objects" {
  name       = "paperwork-objects"
  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic" "dead" {
  name       = "paperwork-objects-dead"
  depends_on = [google_project_service.apis]
}

resource "google_pubsub_subscription" "dead" {
  name                       = "paperwork-objects-dead"
  topic                      = google_pubsub_topic.dead.id
  ack_deadline_seconds       = 600
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription" "objects" {
  name  = "paperwork-objects"
  topic = google_pubsub_topic.objects.id
  # How long Pub/Sub waits for an answer, 600 s at most: longer than any job of an event, shorter than the service's timeout.
  ack_deadline_seconds       = 600
  message_retention_duration = "604800s"

  push_config {
    push_endpoint = "${local.url}/_jobs"

    oidc_token {
      service_account_email = google_service_account.invoker.email
      audience              = local.url
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic = google_pubsub_topic.dead.id
    # 25 or more: up to 20 redeliveries are the library's own affair.
    max_delivery_attempts = 100
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [
    google_cloud_run_v2_service_iam_member.invokers,
    google_pubsub_subscription.dead,
    google_service_account_iam_member.pubsub_makes_tokens,
  ]
}

resource "google_pubsub_topic_iam_member" "pubsub_keeps_dead_letters" {
  topic  = google_pubsub_topic.dead.id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "pubsub_takes_dead_letters" {
  subscription = google_pubsub_subscription.objects.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

data "google_storage_project_service_account" "this" {
  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic_iam_member" "storage_publishes" {
  topic  = google_pubsub_topic.objects.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"
}

resource "google_storage_notification" "inbox" {
  bucket         = google_storage_bucket.inbox.name
  topic          = google_pubsub_topic.objects.id
  payload_format = "JSON_API_V1"
  event_types    = ["OBJECT_FINALIZE"]
  depends_on     = [google_pubsub_topic_iam_member.storage_publishes]
}

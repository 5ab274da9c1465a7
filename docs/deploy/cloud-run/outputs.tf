output "url" {
  description = "Address of the service, and audience of all tokens."
  value       = local.url
}

output "inbox" {
  description = "Bucket that documents are put into."
  value       = google_storage_bucket.inbox.url
}

output "pdf" {
  description = "Bucket that PDF files are written to."
  value       = google_storage_bucket.pdf.url
}

output "pause_dead_letter_queues" {
  description = "What is left to do by hand: the provider has no field for it."
  value       = [for queue in google_cloud_tasks_queue.dead : "gcloud tasks queues pause ${queue.name} --project=${var.project} --location=${var.region}"]
}

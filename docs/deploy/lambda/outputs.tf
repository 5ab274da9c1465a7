output "inbox" {
  description = "Bucket that documents are put into"
  value       = module.queues.buckets["inbox"]
}

output "pdf" {
  description = "Bucket that PDF files are put into"
  value       = module.queues.buckets["pdf"]
}

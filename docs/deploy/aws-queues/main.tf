# What Paperwork needs on AWS wherever it runs: queues that keep what they give up, a bucket that tells
# one of them of new documents, and a bucket for PDF files.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "name" {
  description = "Prefix of all names"
  type        = string
}

variable "visibility_timeout" {
  description = "Seconds for which a received message is kept from others"
  type        = number
}

locals {
  queues = toset(["documents", "imports", "heavy"])
}

data "aws_caller_identity" "this" {}

resource "aws_sqs_queue" "dead" {
  for_each = local.queues
  name     = "${var.name}-${each.key}-dead"
  # The age of a message counts from when it was first sent.
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "jobs" {
  for_each                   = local.queues
  name                       = "${var.name}-${each.key}"
  visibility_timeout_seconds = var.visibility_timeout
  message_retention_seconds  = 604800
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true
  # Above jobs.max-redeliveries, 20: outages are counted, too.
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = 25
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  for_each  = local.queues
  queue_url = aws_sqs_queue.dead[each.key].id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.jobs[each.key].arn]
  })
}

resource "aws_s3_bucket" "this" {
  for_each = toset(["inbox", "pdf"])
  bucket   = "${var.name}-${data.aws_caller_identity.this.account_id}-${each.key}"
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Only this bucket, and only of this account: the names of buckets are everybody's.
data "aws_iam_policy_document" "bucket_tells_queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.jobs["documents"].arn]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.this["inbox"].arn]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }
}

resource "aws_sqs_queue_policy" "documents" {
  queue_url = aws_sqs_queue.jobs["documents"].id
  policy    = data.aws_iam_policy_document.bucket_tells_queue.json
}

resource "aws_s3_bucket_notification" "inbox" {
  bucket = aws_s3_bucket.this["inbox"].id
  queue {
    queue_arn     = aws_sqs_queue.jobs["documents"].arn
    events        = ["s3:ObjectCreated:*"]
    filter_suffix = ".docx"
  }
  depends_on = [aws_sqs_queue_policy.documents]
}

# What Paperwork does with them, and nothing else.
data "aws_iam_policy_document" "paperwork" {
  statement {
    sid = "SendAndReceiveJobs"
    actions = [
      "sqs:SendMessage",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueUrl",
      "sqs:GetQueueAttributes",
    ]
    resources = [for queue in aws_sqs_queue.jobs : queue.arn]
  }
  statement {
    sid       = "KeepDeadJobs"
    actions   = ["sqs:SendMessage", "sqs:GetQueueUrl"]
    resources = [for queue in aws_sqs_queue.dead : queue.arn]
  }
  statement {
    sid       = "ReadDocuments"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.this["inbox"].arn}/*"]
  }
  # Or S3 says that an object which is gone is forbidden, and its job is tried until it is dead.
  statement {
    sid       = "SeeWhatIsGone"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.this["inbox"].arn]
  }
  statement {
    sid       = "WritePdfFiles"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.this["pdf"].arn}/*"]
  }
}

output "policy" {
  description = "What Paperwork may do, as JSON"
  value       = data.aws_iam_policy_document.paperwork.json
}

output "queues" {
  description = "ARNs of the queues by name"
  value       = { for name, queue in aws_sqs_queue.jobs : name => queue.arn }
}

output "queue_names" {
  description = "Names of the queues in SQS by name"
  value       = { for name, queue in aws_sqs_queue.jobs : name => queue.name }
}

output "dead" {
  description = "ARNs of the queues that keep dead jobs, by name"
  value       = { for name, queue in aws_sqs_queue.dead : name => queue.arn }
}

output "buckets" {
  description = "Names of the buckets"
  value       = { for name, bucket in aws_s3_bucket.this : name => bucket.id }
}

# Paperwork on Lambda, as docs/deploy-lambda.md describes it.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = var.region
}

module "queues" {
  source = "../aws-queues"
  name   = var.name
  # As AWS advises: six times the function's timeout.
  visibility_timeout = 6 * var.timeout
}

# The function

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  name               = "${var.name}-function"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "paperwork" {
  name   = "paperwork"
  role   = aws_iam_role.function.id
  policy = module.queues.policy
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 30
}

data "aws_iam_policy_document" "runs" {
  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function.arn}:*"]
  }
  statement {
    sid       = "DelayJobs"
    actions   = ["scheduler:CreateSchedule"]
    resources = ["${replace(aws_scheduler_schedule_group.this.arn, ":schedule-group/", ":schedule/")}/*"]
  }
  statement {
    sid       = "LetSchedulesSend"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.scheduler.arn]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["scheduler.amazonaws.com"]
    }
  }
  statement {
    sid       = "TellOfFailedInvocations"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failed.arn]
  }
}

resource "aws_iam_role_policy" "runs" {
  name   = "runs"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.runs.json
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.function.arn
  package_type  = "Image"
  image_uri     = var.image
  timeout       = var.timeout
  # A conversion takes some hundred MB, and at 1769 MB there is one whole processor.
  memory_size = 2048
  ephemeral_storage {
    size = 1024
  }
  environment {
    variables = {
      SPRING_PROFILES_ACTIVE                  = "aws"
      JOBS_SQS_WORKER_ENABLED                 = "false"
      JOBS_ENDPOINT_BATCHCONCURRENCY          = "2"
      JOBS_ITERATION_MAXSLICE                 = "2m"
      JOBS_SIGNING_KEYID                      = "k1"
      JOBS_SIGNING_KEYS_K1                    = var.signing_key
      JOBS_SIGNING_REQUIRED                   = "true"
      JOBS_QUEUES_DOCUMENTS_DELAYBACKEND      = "eventbridge-scheduler"
      JOBS_EVENTBRIDGESCHEDULER_ROLEARN       = aws_iam_role.scheduler.arn
      JOBS_EVENTBRIDGESCHEDULER_GROUPNAME     = aws_scheduler_schedule_group.this.name
      JOBS_EVENTBRIDGESCHEDULER_DEADLETTERARN = aws_sqs_queue.failed.arn
      PAPERWORK_DOCUMENTS                     = module.queues.queue_names["documents"]
      PAPERWORK_IMPORTS                       = module.queues.queue_names["imports"]
      PAPERWORK_HEAVY                         = module.queues.queue_names["heavy"]
      PAPERWORK_OUTPUT                        = "s3://${module.queues.buckets["pdf"]}"
      PAPERWORK_STORAGE                       = "/tmp/paperwork"
    }
  }
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.runs]
}

# Retries and slices of iterations are invocations that cause each other: without this Lambda stops
# such a chain after about 16.
resource "aws_lambda_function_recursion_config" "this" {
  function_name  = aws_lambda_function.this.function_name
  recursive_loop = "Allow"
}

resource "aws_lambda_event_source_mapping" "jobs" {
  for_each         = module.queues.queues
  event_source_arn = each.value
  function_name    = aws_lambda_function.this.arn
  # Without this one failed message brings the whole batch back.
  function_response_types = ["ReportBatchItemFailures"]
  # batch size x timeout of the jobs (2 min) / batch concurrency must fit into the function's timeout.
  batch_size = 2
  scaling_config {
    maximum_concurrency = 5
  }
  depends_on = [aws_iam_role_policy.paperwork]
}

# Events and direct invocations, which no queue keeps

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name          = aws_lambda_function.this.function_name
  maximum_retry_attempts = 2
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
  depends_on = [aws_iam_role_policy.runs]
}

# Delays of more than 15 minutes

resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name               = "${var.name}-scheduler"
  assume_role_policy = data.aws_iam_policy_document.scheduler.json
}

data "aws_iam_policy_document" "schedules" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = concat(values(module.queues.queues), [aws_sqs_queue.failed.arn])
  }
}

resource "aws_iam_role_policy" "schedules" {
  name   = "schedules"
  role   = aws_iam_role.scheduler.id
  policy = data.aws_iam_policy_document.schedules.json
}

# Paperwork on Fargate, receiving its jobs itself, as docs/deploy-sqs.md describes it.

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
  # The worker says itself for how long, and goes on saying so while a job runs.
  visibility_timeout = 60
}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy" "paperwork" {
  name   = "paperwork"
  role   = aws_iam_role.task.id
  policy = module.queues.policy
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "LogIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = [data.aws_ecr_repository.this.arn]
  }
  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }
  statement {
    sid       = "ReadKey"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.signing_key_arn]
  }
}

data "aws_ecr_repository" "this" {
  name = split(":", join("/", slice(split("/", var.image), 1, length(split("/", var.image)))))[0]
}

resource "aws_iam_role_policy" "execution" {
  name   = "execution"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn
  container_definitions = jsonencode([{
    name      = "paperwork"
    image     = var.image
    essential = true
    # Above spring.lifecycle.timeout-per-shutdown-phase, 20 s.
    stopTimeout = 30
    environment = [
      { name = "SPRING_PROFILES_ACTIVE", value = "aws" },
      { name = "JOBS_SIGNING_KEYID", value = "k1" },
      { name = "JOBS_SIGNING_REQUIRED", value = "true" },
      { name = "PAPERWORK_DOCUMENTS", value = module.queues.queue_names["documents"] },
      { name = "PAPERWORK_IMPORTS", value = module.queues.queue_names["imports"] },
      { name = "PAPERWORK_HEAVY", value = module.queues.queue_names["heavy"] },
      { name = "PAPERWORK_OUTPUT", value = "s3://${module.queues.buckets["pdf"]}" },
    ]
    secrets = [
      { name = "JOBS_SIGNING_KEYS_K1", valueFrom = var.signing_key_arn },
    ]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "paperwork"
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.instances
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = var.subnets
    security_groups = var.security_groups
  }
  depends_on = [aws_iam_role_policy.execution, aws_iam_role_policy.paperwork]
}

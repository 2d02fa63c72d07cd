# Two roles for GitHub Actions, each with an instance profile of its own: docs/permissions.md.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

data "aws_caller_identity" "current" {}

locals {
  # Its own name each, so that a policy can name them before they are there.
  builders = { main = "${var.name}-main-builder", pull-request = "${var.name}-pull-request-builder" }
}

module "documents" {
  source = "./documents"

  account_id           = data.aws_caller_identity.current.account_id
  repository           = var.repository
  repository_with_ids  = var.repository_with_ids
  scope                = coalesce(var.scope, var.repository)
  default_branch       = var.default_branch
  main_builder         = local.builders["main"]
  pull_request_builder = local.builders["pull-request"]
}

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.create_provider ? 1 : 0
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "runner" {
  for_each           = local.builders
  name               = "${var.name}-${each.key}"
  assume_role_policy = module.documents.documents["${each.key}-trust"]
}

resource "aws_iam_role_policy" "runner" {
  for_each = local.builders
  name     = "ami-layers"
  role     = aws_iam_role.runner[each.key].id
  policy   = module.documents.documents[each.key]
}

resource "aws_iam_role" "builder" {
  for_each           = local.builders
  name               = each.value
  assume_role_policy = module.documents.documents["instance-trust"]
}

resource "aws_iam_role_policy" "builder" {
  for_each = local.builders
  name     = "ami-layers"
  role     = aws_iam_role.builder[each.key].id
  policy   = module.documents.documents["instance"]
}

resource "aws_iam_instance_profile" "builder" {
  for_each = local.builders
  name     = each.value
  role     = aws_iam_role.builder[each.key].name
}

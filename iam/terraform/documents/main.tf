# The policies beside this folder, with what is yours in place of what stands there. Without a provider, so that anybody
# can look at them: echo 'local.documents' | terraform console
terraform {
  required_version = ">= 1.5"
}

variable "account_id" {
  description = "The AWS account."
  type        = string
}

variable "repository" {
  description = "The repository whose workflows assume the roles, such as octo-org/images."
  type        = string
}

variable "repository_with_ids" {
  description = "The same with ids, such as octo-org@123456/images@456789: gh api repos/octo-org/images --jq '.owner.id, .id'"
  type        = string
}

variable "scope" {
  description = "The tag ami-layers:scope of what the roles may touch; the repository, unless `scope` says otherwise."
  type        = string
}

variable "default_branch" {
  type    = string
  default = "main"
}

variable "main_builder" {
  description = "Name of the role in the instance profile of the default branch."
  type        = string
}

variable "pull_request_builder" {
  description = "Name of the role in the instance profile of pull requests."
  type        = string
}

locals {
  names = ["main", "main-trust", "pull-request", "pull-request-trust", "instance", "instance-trust"]

  # One after the other: a subject is of the repository, every other mention of it is the scope.
  files         = { for name in local.names : name => file("${path.module}/../../${name}.json") }
  with_account  = { for name, text in local.files : name => replace(text, "111122223333", var.account_id) }
  with_builders = { for name, text in local.with_account : name => replace(replace(text, "role/ami-layers-main-builder", "role/${var.main_builder}"), "role/ami-layers-pull-request-builder", "role/${var.pull_request_builder}") }
  with_branch   = { for name, text in local.with_builders : name => replace(text, ":ref:refs/heads/main", ":ref:refs/heads/${var.default_branch}") }
  with_scope    = { for name, text in local.with_branch : name => replace(text, "\"octo-org/images\"", jsonencode(var.scope)) }
  with_subjects = { for name, text in local.with_scope : name => replace(replace(text, "repo:octo-org@123456/images@456789:", "repo:${var.repository_with_ids}:"), "repo:octo-org/images:", "repo:${var.repository}:") }
  documents     = local.with_subjects
}

output "documents" {
  description = "The policies by the name of their file."
  value       = local.documents
}

variable "repository" {
  description = "The repository whose workflows assume the roles, such as octo-org/images."
  type        = string
}

variable "repository_with_ids" {
  description = "The same with ids, such as octo-org@123456/images@456789: gh api repos/octo-org/images --jq '.owner.id, .id'"
  type        = string
}

variable "scope" {
  description = "The tag ami-layers:scope of what the roles may touch. Default: the repository."
  type        = string
  default     = null
}

variable "default_branch" {
  type    = string
  default = "main"
}

variable "create_provider" {
  description = "Whether to create the OIDC provider of GitHub Actions; an account has one at most."
  type        = bool
  default     = false
}

variable "name" {
  description = "What the names of the roles and profiles begin with."
  type        = string
  default     = "ami-layers"
}

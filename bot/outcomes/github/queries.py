"""What GitHub's GraphQL API is asked; every list is followed page by page but the innermost."""

from __future__ import annotations

_ACTOR = """
fragment actor on Actor {
  __typename login ... on User { databaseId } ... on Bot { databaseId }
}
"""

MERGED = (
    """
query Merged($search: String!, $cursor: String) {
  rateLimit { cost remaining }
  search(type: ISSUE, query: $search, first: 50, after: $cursor) {
    issueCount
    pageInfo { hasNextPage endCursor }
    nodes {
      ... on PullRequest {
        number title body url createdAt mergedAt additions deletions baseRefName headRefName
        repository { nameWithOwner defaultBranchRef { name } }
        author { ...actor }
        mergedBy { ...actor }
        assignees(first: 10) { nodes { __typename login databaseId } }
        labels(first: 20) { nodes { name } }
        closingIssuesReferences(first: 10) {
          nodes {
            number closed repository { nameWithOwner }
            timelineItems(last: 1, itemTypes: [REOPENED_EVENT]) {
              nodes { ... on ReopenedEvent { createdAt } }
            }
          }
        }
        mergeCommit { ...authored parents { totalCount } }
        commits(first: 50) { totalCount nodes { commit { ...authored } } }
      }
    }
  }
}
fragment authored on Commit {
  oid message authors(first: 10) { nodes { name email user { __typename login databaseId } } }
}
"""
    + _ACTOR
)

REVIEWED = (
    """
query Reviewed($search: String!, $cursor: String) {
  rateLimit { cost remaining }
  search(type: ISSUE, query: $search, first: 50, after: $cursor) {
    issueCount
    pageInfo { hasNextPage endCursor }
    nodes {
      ... on PullRequest {
        number title url repository { nameWithOwner }
        author { ...actor }
        assignees(first: 10) { nodes { __typename login databaseId } }
        reviews(first: 100, states: [APPROVED, CHANGES_REQUESTED, DISMISSED]) {
          nodes { submittedAt author { ...actor } }
        }
      }
    }
  }
}
"""
    + _ACTOR
)

LANDED = """
query Landed(
  $owner: String!, $name: String!, $since: GitTimestamp!, $until: GitTimestamp!, $cursor: String
) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: 100, since: $since, until: $until, after: $cursor) {
            pageInfo { hasNextPage endCursor }
            nodes { oid message committedDate }
          }
        }
      }
    }
  }
}
"""

REPOSITORY = """
query Repository($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { nameWithOwner }
}
"""

REPOSITORIES = """
query Repositories($login: String!, $cursor: String) {
  organization(login: $login) {
    repositories(first: 100, after: $cursor) {
      pageInfo { hasNextPage endCursor }
      nodes { nameWithOwner }
    }
  }
}
"""

MEMBERS = """
query Members($login: String!, $cursor: String) {
  organization(login: $login) {
    membersWithRole(first: 100, after: $cursor) {
      pageInfo { hasNextPage endCursor }
      nodes { databaseId organizationVerifiedDomainEmails(login: $login) }
    }
  }
}
"""

SIGNED_ON = """
query SignedOn($login: String!, $cursor: String) {
  organization(login: $login) {
    samlIdentityProvider {
      externalIdentities(first: 100, after: $cursor) {
        pageInfo { hasNextPage endCursor }
        nodes {
          samlIdentity { nameId username emails { value } }
          user { databaseId }
        }
      }
    }
  }
}
"""

--- What `:Podium` takes, apart from `commands.lua` so that start-up loads nothing else.
local M = {}

M.subcommands = {
  'answer',
  'approve',
  'cancel',
  'diff',
  'discard',
  'dismiss',
  'findings',
  'fix',
  'lenses',
  'merge',
  'pause',
  'plan',
  'reject',
  'report',
  'request',
  'resume',
  'retry',
  'review',
  'start',
  'status',
}

return M

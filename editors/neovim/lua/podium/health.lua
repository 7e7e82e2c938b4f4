--- `:checkhealth podium`
local M = {}

local health = vim.health
local INSTALL = "install it from a checkout of Podium: `uv tool install '.[python]'` or `pipx install '.[python]'`"
local TIMEOUT_MS = 30000

---@param argv string[]
---@param cwd? string
---@return vim.SystemCompleted?
local function output_of(argv, cwd)
  local started, process = pcall(vim.system, argv, { text = true, cwd = cwd })
  return started and process:wait(TIMEOUT_MS) or nil
end

local function check_neovim()
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok('Neovim ' .. version)
  else
    health.error('Neovim ' .. version, { 'update to 0.11 or newer' })
  end
end

local function check_git()
  local done = output_of({ 'git', '--version' })
  if done and done.code == 0 then
    health.ok(vim.trim(done.stdout))
  else
    health.error('git was not found', { 'install git 2.38 or newer' })
  end
end

---@return boolean found
local function check_executable()
  local name = require('podium.client').executable()
  local path = vim.fn.exepath(name)
  if path == '' then
    health.error(('%q was not found'):format(name), { INSTALL, "or set `vim.lsp.config('podium', { cmd = { '/path/to/podium', 'lsp' } })`" })
    return false
  end
  local done = output_of({ path, '--version' })
  if not done or done.code ~= 0 then
    health.error(('%s does not start'):format(path), { done and vim.trim(done.stderr) or 'see :LspLog' })
    return false
  end
  health.ok(('%s: %s'):format(path, vim.trim(done.stdout)))
  return true
end

local function check_server()
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('podium') then
    health.warn('the language server is not enabled', { "remove `vim.g.podium_enable = false`, or call `vim.lsp.enable('podium')`" })
  end
  local clients = vim.lsp.get_clients({ name = 'podium' })
  if #clients == 0 then
    health.info('no server is running: open a file of a workspace that has a `.podium` folder, or run `:Podium request`')
  end
  for _, client in ipairs(clients) do
    health.ok(('attached in %s'):format(client.root_dir))
  end
end

--- What `podium doctor` finds: the engine, the sandbox, keys and language servers.
local function check_doctor()
  local root = require('podium.root').wanted(vim.api.nvim_get_current_buf()) or vim.fn.getcwd()
  local done = output_of({ require('podium.client').executable(), 'doctor', '--json' }, root)
  local decoded, report = pcall(vim.json.decode, done and done.stdout or '')
  if not decoded or type(report) ~= 'table' then
    health.error('`podium doctor --json` gave no report', { done and vim.trim(done.stderr) or 'it took too long' })
    return
  end
  for _, check in ipairs(report.checks or report) do
    local say = ({ ok = health.ok, warning = health.warn, error = health.error })[check.status] or health.info
    say(('%s: %s'):format(check.name, check.message), check.advice and { check.advice } or nil)
  end
end

function M.check()
  health.start('podium: editor')
  check_neovim()
  check_git()
  local found = check_executable()
  check_server()
  if found then
    health.start('podium: doctor')
    check_doctor()
  end
end

return M

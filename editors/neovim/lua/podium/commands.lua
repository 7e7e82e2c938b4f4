--- The subcommands of `:Podium`.
local M = {}

local client_of = require('podium.client').get
local complain = require('podium.client').complain

---@class podium.Subcommand
---@field command string the server's command
---@field fields string[] what the words after the subcommand are; the last takes the rest
---@field offered? boolean taken from what the server offers at the cursor, if no word is given
---@field exact? boolean never run but as the server offers it

---@type table<string, podium.Subcommand>
local SERVER = {
  answer = { command = 'podium.answer', fields = { 'question', 'answer' }, offered = true },
  approve = { command = 'podium.approve', fields = {}, offered = true, exact = true },
  cancel = { command = 'podium.cancel', fields = {} },
  diff = { command = 'podium.showDiff', fields = { 'task' } },
  discard = { command = 'podium.discard', fields = {} },
  dismiss = { command = 'podium.dismissFinding', fields = { 'finding', 'reason' }, offered = true },
  fix = { command = 'podium.fixFinding', fields = { 'finding' }, offered = true },
  merge = { command = 'podium.merge', fields = {} },
  pause = { command = 'podium.pause', fields = {} },
  plan = { command = 'podium.request', fields = { 'text' } },
  reject = { command = 'podium.reject', fields = { 'reason' } },
  report = { command = 'podium.showReport', fields = {} },
  request = { command = 'podium.request', fields = { 'text' } },
  resume = { command = 'podium.resume', fields = {} },
  retry = { command = 'podium.retry', fields = { 'task' }, offered = true },
  review = { command = 'podium.review', fields = {} },
  start = { command = 'podium.start', fields = {} },
}

---@param fields string[]
---@param words string[]
---@return table<string, string>
local function arguments(fields, words)
  local given = {}
  for i, field in ipairs(fields) do
    given[field] = i == #fields and table.concat(words, ' ', i) or words[i]
    if given[field] == '' then
      given[field] = nil
    end
  end
  return given
end

--- A document that says which plan is meant; a request's text needs none.
---@param bufnr integer
---@param given table<string, string>
---@return string? uri
local function context_uri(bufnr, given)
  if given.text or vim.bo[bufnr].buftype ~= '' or vim.api.nvim_buf_get_name(bufnr) == '' then
    return nil
  end
  return vim.uri_from_bufnr(bufnr)
end

---@param name string
---@param words string[]
local function run_on_server(name, words)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = client_of(bufnr)
  if not client then
    return
  end
  local it = SERVER[name]
  local function execute(command)
    client:exec_cmd(command, { bufnr = bufnr })
  end
  local offers = it.offered and #words == 0 and require('podium.offers').of(client, bufnr, it.command) or {}
  if #offers == 1 then
    execute(offers[1])
  elseif #offers > 1 then
    vim.ui.select(offers, {
      prompt = 'Podium: ' .. name,
      format_item = function(offer)
        return offer.title
      end,
    }, function(offer)
      if offer then
        execute(offer)
      end
    end)
  elseif it.exact then
    complain(('nothing to %s here; open a plan that waits for it'):format(name))
  else
    local given = arguments(it.fields, words)
    given.uri = context_uri(bufnr, given)
    execute({ title = name, command = it.command, arguments = { next(given) and given or vim.empty_dict() } })
  end
end

---@param diagnostic vim.Diagnostic
---@return boolean
local function is_finding(diagnostic)
  local path = vim.api.nvim_buf_get_name(diagnostic.bufnr)
  return diagnostic.source == 'podium' and not path:find('/.podium/plans/', 1, true)
end

--- What Podium says about the code, as a quickfix list.
local function findings()
  local found = vim.tbl_filter(is_finding, vim.diagnostic.get())
  if #found == 0 then
    vim.notify('podium: no findings')
    return
  end
  vim.fn.setqflist({}, ' ', { title = 'Podium findings', items = vim.diagnostic.toqflist(found) })
  vim.cmd.copen()
end

--- What the engine is doing, as the command line says it.
local function status()
  if not require('podium.client').installed() then
    return
  end
  local root = require('podium.root').wanted(vim.api.nvim_get_current_buf()) or vim.fn.getcwd()
  local argv = { require('podium.client').executable(), 'status' }
  vim.system(argv, { cwd = root, text = true }, function(done)
    vim.schedule(function()
      local level = done.code == 0 and vim.log.levels.INFO or vim.log.levels.ERROR
      vim.notify(vim.trim(done.stdout .. done.stderr), level)
    end)
  end)
end

local HERE = {
  findings = findings,
  lenses = function()
    require('podium.lenses').toggle(vim.api.nvim_get_current_buf())
  end,
  status = status,
}

--- Run `:Podium WORD…`; without a word, say how things stand.
---@param words string[]
function M.run(words)
  local name = words[1] or 'status'
  if HERE[name] then
    HERE[name]()
  elseif SERVER[name] then
    run_on_server(name, vim.list_slice(words, 2))
  else
    local known = table.concat(require('podium.names').subcommands, ', ')
    complain(('no subcommand is called %q; there are %s'):format(name, known))
  end
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  if line:match('^%s*%S+%s+%S+%s') then
    return {}
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, require('podium.names').subcommands)
end

return M

--- Answers `podium/input`: the server needs a text that only the user can give.
local M = {}

local OTHER = 'Something else…'

---@class podium.InputParams
---@field prompt string
---@field placeholder? string
---@field value? string
---@field options? string[]

---@param params podium.InputParams
---@param answer fun(text?: string)
local function type_in(params, answer)
  vim.ui.input({ prompt = params.prompt .. ' ', default = params.value }, answer)
end

--- The options are suggestions: whoever asks takes any answer.
---@param params podium.InputParams
---@param answer fun(text?: string)
local function choose(params, answer)
  local options = vim.list_extend({}, params.options)
  table.insert(options, OTHER)
  vim.ui.select(options, { prompt = params.prompt }, function(picked)
    if picked == OTHER then
      type_in(params, answer)
    else
      answer(picked)
    end
  end)
end

--- Ask, and wait for the answer without blocking the editor.
--- Neovim runs a server's request in a coroutine, which is what is suspended here.
---@param params podium.InputParams
---@return { text: string }|vim.NIL
function M.ask(params)
  local asking = assert(coroutine.running())
  local function answer(text)
    -- Scheduled: a picker that answers at once would resume before the yield.
    vim.schedule(function()
      coroutine.resume(asking, text and { text = text } or vim.NIL)
    end)
  end
  vim.schedule(function()
    if params.options and #params.options > 0 then
      choose(params, answer)
    else
      type_in(params, answer)
    end
  end)
  return coroutine.yield()
end

return M

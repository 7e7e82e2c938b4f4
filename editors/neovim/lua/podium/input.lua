--- Answers `podium/input`: the server needs a text that only the user can give.
local M = {}

---@class podium.InputParams
---@field prompt string
---@field placeholder? string
---@field value? string
---@field options? string[]

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
      vim.ui.select(params.options, { prompt = params.prompt }, answer)
    else
      vim.ui.input({ prompt = params.prompt .. ' ', default = params.value }, answer)
    end
  end)
  return coroutine.yield()
end

return M

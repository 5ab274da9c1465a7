-- Every request has a message of its own: a repeated one would be answered as a duplicate.
local counter = 0
local thread = 0
function setup(t)
	t:set("number", thread)
	thread = thread + 1
end
local headers = { ["Content-Type"] = "application/json" }
function init(arguments)
	if arguments[1] and arguments[1] ~= "" then headers["Authorization"] = "Bearer " .. arguments[1] end
end
function request()
	counter = counter + 1
	local id = string.format("01a20188-%04x-7%03x-8000-%012x", number, (os.time() % 4096), counter)
	local body = '{"v":1,"id":"' .. id .. '","seq":0,"job":"noop","queue":"default","args":[{"documentId":"'
		.. id .. '"}],"attempt":1,"enqueuedAt":"2026-06-01T12:00:00.000Z"}'
	return wrk.format("POST", nil, headers, body)
end

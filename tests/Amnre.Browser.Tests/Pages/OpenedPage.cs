using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Studies;
using Microsoft.Playwright;

namespace Amnre.Browser.Tests.Pages;

/// <summary>A tab that remembers what it should never have seen: errors, violations of the Content-Security-Policy, requests
/// elsewhere.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];
    private readonly string _address;

    private OpenedPage(IBrowserContext context, IPage tab, string address) => (_context, Tab, _address) = (context, tab, address);

    public IPage Tab { get; }

    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors) return [.. _errors];
        }
    }

    /// <summary>Signed in.</summary>
    public static Task<OpenedPage> OpenAsync(HeadlessChromium chromium, StudiesFixture studies, int width = 1280) =>
        OpenAsync(chromium, studies.Address, studies.Session, width);

    public static async Task<OpenedPage> OpenAsync(HeadlessChromium chromium, string address, System.Net.Cookie? session = null,
        int width = 1280)
    {
        var context = await chromium.ContextAsync(width);
        if (session is not null) await context.AddCookiesAsync([new Cookie { Name = session.Name, Value = session.Value, Url = address }]);
        var page = new OpenedPage(context, await context.NewPageAsync(), address);
        page.Watch();
        return page;
    }

    /// <summary>Goes to a path of the scheduler's, and until all of it is there.</summary>
    public async Task GoAsync(string path, int status = 200)
    {
        var answer = await Tab.GotoAsync($"{_address}{path}", new() { WaitUntil = WaitUntilState.Load });
        Assert.Equal(status, answer?.Status);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Watch()
    {
        // Chromium tells violations of the policy on the console too. A page that tells of an error has that status itself.
        Tab.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning"
                && !(message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                    && message.Location.StartsWith(Tab.Url, StringComparison.Ordinal))) Tell($"console: {message.Text}");
        };
        Tab.PageError += (_, error) => Tell($"script: {error}");
        Tab.Request += (_, request) =>
        {
            if (!request.Url.StartsWith($"{_address}/", StringComparison.Ordinal)) Tell($"asked elsewhere: {request.Url}");
        };
        Tab.Response += (_, response) =>
        {
            if (response.Status >= 400 && response.Request.ResourceType != "document" && response.Url != Tab.Url)
                Tell($"{response.Status}: {response.Url}");
        };
    }

    private void Tell(string error)
    {
        lock (_errors) _errors.Add(error);
    }
}

using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Pages;
using Amnre.Browser.Tests.Studies;
using Amnre.Testing;

namespace Amnre.Browser.Tests.Use;

/// <summary>A ledger in which nothing is yet, behind a token.</summary>
public sealed class SignInTests(HeadlessChromium chromium, TestServer server) : IDisposable
{
    private const string Token = "0123456789abcdef0123";

    private readonly string _store = Directory.CreateTempSubdirectory("amnre-store-").FullName;

    [Fact]
    public async Task A_token_opens_the_empty_pages_and_the_header_leads_out_again()
    {
        await using var scheduler = await RunningScheduler.StartAsync(await server.NewDatabaseAsync(), _store, Token);
        await using var page = await OpenedPage.OpenAsync(chromium, scheduler.Address);

        await page.GoAsync("/", 401);
        await SoundAsync(page);
        // No way on from here, which would lead back here.
        Assert.Equal(0, await page.Tab.Locator("header a, a.skip").CountAsync());
        Assert.Equal(0, await page.Tab.Locator(".warning").CountAsync());
        await page.Tab.FillAsync("input[name=token]", "no-token-of-this-scheduler");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync(".warning");
        await SoundAsync(page);
        await page.Tab.FillAsync("input[name=token]", Token);
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync("header .signout");
        foreach (var path in new[] { "/", "/queue", "/workers", "/events", "/login" })
        {
            await page.GoAsync(path);
            await SoundAsync(page);
        }

        var session = Assert.Single(await page.Tab.Context.CookiesAsync(),
            one => one.Name.StartsWith("amnre-session-", StringComparison.Ordinal));
        await page.Tab.ClickAsync("text=Sign out");
        await page.Tab.WaitForSelectorAsync("input[name=token]");
        await page.GoAsync("/workers", 401);
        Assert.Equal(0, await page.Tab.Locator(".signout").CountAsync());
        // A copy that somebody kept of it opens nothing.
        await page.Tab.Context.AddCookiesAsync([new() { Name = session.Name, Value = session.Value, Url = scheduler.Address }]);
        await page.GoAsync("/workers", 401);
        Assert.Contains("session has ended", await page.Tab.InnerTextAsync(".warning"), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("/enter", "is not whole")]
    [InlineData("/enter?t=", "is not whole")]
    [InlineData("/enter?t=abc", "is not whole")]
    [InlineData("/enter?t=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "of an earlier start")]
    public async Task A_link_that_does_not_sign_in_says_why_and_what_to_do(string link, string why)
    {
        await using var scheduler = await RunningScheduler.StartAsync(await server.NewDatabaseAsync(), _store, Token);
        await using var page = await OpenedPage.OpenAsync(chromium, scheduler.Address);

        await page.GoAsync(link, 401);

        var said = await page.Tab.InnerTextAsync(".warning");
        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.Contains("amnre status", said, StringComparison.Ordinal);
        await SoundAsync(page);
        Directory.CreateDirectory(PagePictures.Folder);
        await page.Tab.ScreenshotAsync(new() { Path = Path.Combine(PagePictures.Folder, $"sign-in-{link.Length}.png") });
    }

    [Fact]
    public async Task The_terminals_link_signs_in_once_and_leaves_the_address_bar()
    {
        await using var scheduler = await RunningScheduler.StartAsync(await server.NewDatabaseAsync(), _store, Token);
        await using var page = await OpenedPage.OpenAsync(chromium, scheduler.Address);

        await page.Tab.GotoAsync(scheduler.Link);
        await page.Tab.WaitForSelectorAsync("header .signout");
        Assert.Equal($"{scheduler.Address}/", page.Tab.Url);
        Assert.Null(await page.Tab.GoBackAsync()); // about:blank: the link is no place to go back to.
        await page.Tab.GotoAsync(scheduler.Link);
        Assert.Equal($"{scheduler.Address}/", page.Tab.Url);
        Assert.Empty(page.Errors);

        await using var other = await OpenedPage.OpenAsync(chromium, scheduler.Address);
        await other.GoAsync(new Uri(scheduler.Link).PathAndQuery, 401);
        Assert.Contains("used already", await other.Tab.InnerTextAsync(".warning"), StringComparison.Ordinal);
        await SoundAsync(other);
    }

    public void Dispose() => Directory.Delete(_store, recursive: true);

    private static async Task SoundAsync(OpenedPage page)
    {
        PageChecks.None(await PageChecks.AccessibilityAsync(page.Tab));
        Assert.Equal("", await PageChecks.OverflowAsync(page.Tab, 1280));
        Assert.Equal("", await PageChecks.OverflowAsync(page.Tab, 390));
        PageChecks.None(await PageChecks.KeyboardAsync(page.Tab));
    }
}

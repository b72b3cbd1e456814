using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Pages;
using Amnre.Browser.Tests.Studies;
using Amnre.Jobs.Tests.Postgres;

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

        await page.Tab.ClickAsync("text=Sign out");
        await page.Tab.WaitForSelectorAsync("input[name=token]");
        await page.GoAsync("/workers", 401);
        Assert.Equal(0, await page.Tab.Locator(".signout").CountAsync());
        Assert.Empty(page.Faults);
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

using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Studies;
using Microsoft.Playwright;

namespace Amnre.Browser.Tests.Pages;

/// <summary>Pictures of every page to look at, made when asked for (<c>-explicit only</c>), in <c>artifacts/pictures</c>.</summary>
[Collection("studies")]
public sealed class PagePictures(HeadlessChromium chromium, StudiesFixture studies)
{
    public static TheoryData<string> Names => PageList.Names;

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "pictures");

    /// <summary>Those of docs/images.</summary>
    [Theory(Explicit = true)]
    [InlineData("dashboard", "", 900)]
    [InlineData("dashboard-graph", "/graph", 620)]
    [InlineData("dashboard-curves", "/curves", 880)]
    public async Task Pictures_of_the_documentation_are_taken(string picture, string part, int height)
    {
        var folder = Path.Combine(Folder, "documentation");
        Directory.CreateDirectory(folder);
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.Tab.SetViewportSizeAsync(1280, height);
        await page.GoAsync($"/experiments/{studies.Sweep}{part}");
        await page.Tab.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{picture}.png") });
        Assert.Empty(page.Errors);
    }

    [Theory(Explicit = true), MemberData(nameof(Names))]
    public async Task Pictures_are_taken_light_dark_and_narrow(string name)
    {
        var folder = Folder;
        Directory.CreateDirectory(folder);
        foreach (var (kind, width, colours) in new[] { ("light", 1280, ColorScheme.Light), ("dark", 1280, ColorScheme.Dark),
            ("narrow", 390, ColorScheme.Light) })
        {
            await using var page = await OpenedPage.OpenAsync(chromium, studies, width);
            await page.Tab.EmulateMediaAsync(new() { ColorScheme = colours });
            await page.GoAsync(await studies.PathAsync(name), PageList.Status(name));
            var file = Path.Combine(folder,
                $"{name.Replace(" ", "-", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)}-{kind}.png");
            if (kind == "narrow") await page.Tab.SetViewportSizeAsync(width, 1300);
            await page.Tab.ScreenshotAsync(new() { Path = file });
            Assert.True(new FileInfo(file).Length > 0);
        }
    }
}

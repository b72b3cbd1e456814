using System.Reflection;
using Amnre.Browser.Tests.Chromium;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(HeadlessChromium))]

namespace Amnre.Browser.Tests.Chromium;

/// <summary>The Chromium of this machine, without a screen, for all tests of the assembly; they skip, with the reason, where there is
/// none.</summary>
public sealed class HeadlessChromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>Milliseconds.</summary>
    private const float Patience = 180_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _lack;

    public async ValueTask InitializeAsync()
    {
        var executable = Environment.GetEnvironmentVariable("AMNRE_CHROMIUM") is { Length: > 0 } given ? given : Find();
        if (executable is null)
        {
            _lack = "no Chromium on the PATH (eng/provision chromium; AMNRE_CHROMIUM names another)";
            return;
        }

        var driver = typeof(HeadlessChromium).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(one => one.Key == "PlaywrightDriver").Value;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", driver);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Timeout = Patience,
            // No sandbox: containers and root have no user namespaces for one, and only pages of ours are opened.
            Args = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--disable-dev-shm-usage"],
        });
    }

    /// <summary>A browser profile of its own.</summary>
    public async Task<IBrowserContext> ContextAsync(int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        Assert.SkipUnless(_lack is null, _lack ?? "");
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        });
        // A machine that builds beside the tests is slow, and no test waits for this long on a quiet one.
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}

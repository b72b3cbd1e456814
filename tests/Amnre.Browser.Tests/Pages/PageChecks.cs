using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Amnre.Browser.Tests.Pages;

/// <summary>What every page must be, whatever it shows.</summary>
internal static class PageChecks
{
    /// <summary>Rules whose answer depends on colours; all others say the same in either scheme.</summary>
    private static readonly AxeRunOptions Colours = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] },
    };

    public static void None(IReadOnlyList<string> errors) => Assert.True(errors.Count == 0, string.Join(Environment.NewLine, errors));

    /// <summary>Serious and critical faults by axe, in the light scheme and in the dark one.</summary>
    public static async Task<IReadOnlyList<string>> AccessibilityAsync(IPage tab)
    {
        await tab.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        var light = await tab.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        await tab.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        var dark = await tab.RunAxe(Colours);
        await tab.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        return [.. Told("light", light), .. Told("dark", dark)];
    }

    /// <summary>How far the page itself goes beyond the window to the side, in pixels, and what does.</summary>
    public static async Task<string> OverflowAsync(IPage tab, int width)
    {
        await tab.SetViewportSizeAsync(width, 844);
        return await tab.EvaluateAsync<string>(
            """
            () => {
              const beyond = document.scrollingElement.scrollWidth - innerWidth;
              if (beyond <= 0) return "";
              const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .card, nav, pre"));
              return `${beyond} px beyond ${innerWidth}: ${wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")}`;
            }
            """);
    }

    /// <summary>One heading of the first level, and none that skips a level.</summary>
    public static async Task<IReadOnlyList<int>> HeadingsAsync(IPage tab) =>
        await tab.EvaluateAsync<int[]>("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => Number(one.tagName[1]))");

    /// <summary>Tabs through the page once: what was not reached, what came in another order, what had no visible focus or lay under the
    /// header.</summary>
    public static async Task<IReadOnlyList<string>> KeyboardAsync(IPage tab)
    {
        var expected = await tab.EvaluateAsync<int>(
            """
            () => {
              window.expected = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
                .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0);
              window.met = [];
              document.addEventListener("focusin", () => {
                const one = document.activeElement;
                const style = getComputedStyle(one);
                const box = one.getBoundingClientRect();
                const header = document.querySelector("header");
                const under = header.contains(one) || one.classList.contains("skip") ? 0 : header.getBoundingClientRect().bottom - box.bottom + 4;
                window.met.push({ one, seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, hidden: under > 0 || box.top > innerHeight });
              });
              // From the beginning, wherever the page itself put the focus.
              document.body.tabIndex = -1;
              document.body.focus();
              document.body.removeAttribute("tabindex");
              scrollTo(0, 0);
              getSelection().removeAllRanges();
              return window.expected.length;
            }
            """);
        for (var i = 0; i < expected + 8; i++) await tab.Keyboard.PressAsync("Tab");
        var told = await tab.EvaluateAsync<JsonElement>(
            """
            () => {
              const short = (one) => one.outerHTML.slice(0, 110).replaceAll("\n", " ");
              const first = new Map();
              window.met.forEach((step, i) => { if (!first.has(step.one)) first.set(step.one, i); });
              const places = window.expected.map((one) => first.get(one));
              return [
                ...window.expected.filter((one) => !first.has(one) && one.isConnected).map((one) => `never reached: ${short(one)}`),
                ...window.expected.filter((one, i) => i > 0 && places[i] < places[i - 1]).map((one) => `out of order: ${short(one)}`),
                ...window.met.filter((step) => !step.seen && step.one !== document.body).map((step) => `no visible focus: ${short(step.one)}`),
                ...window.met.filter((step) => step.hidden).map((step) => `focus out of sight: ${short(step.one)}`),
              ];
            }
            """);
        return [.. told.EnumerateArray().Select(one => one.GetString()!).Distinct()];
    }

    private static IEnumerable<string> Told(string scheme, AxeResult result) =>
        result.Violations.Where(one => one.Impact is "serious" or "critical")
            .SelectMany(one => one.Nodes.Take(4)
                .Select(node => $"{scheme}: {one.Id} ({one.Impact}): {node.Html} " +
                    $"{string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}"));
}

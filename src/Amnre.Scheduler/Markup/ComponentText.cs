using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Markup;

/// <summary>Components as HTML, made on the server; nothing of them stays.</summary>
internal static class ComponentText
{
    /// <summary>A whole page, as <paramref name="visitor"/> sees it.</summary>
    public static Task<string> OfAsync(Page page, Visitor visitor, IServiceProvider services) =>
        OfAsync<VisitedPage>(services, new Dictionary<string, object?>
        {
            [nameof(VisitedPage.Visitor)] = visitor,
            [nameof(VisitedPage.Component)] = page.Component,
            [nameof(VisitedPage.Model)] = page.Model,
        });

    /// <param name="services">Of the request.</param>
    /// <param name="parameters">By name.</param>
    public static async Task<string> OfAsync<TComponent>(IServiceProvider services, IDictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}

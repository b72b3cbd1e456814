using Amnre.Scheduler.Markup;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Amnre.Scheduler.Tests.Markup;

/// <summary>Components as the scheduler's answers hold them.</summary>
internal static class Rendered
{
    /// <param name="parameters">By name.</param>
    public static async Task<string> OfAsync<TComponent>(params (string Name, object? Value)[] parameters) where TComponent : IComponent
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        return await ComponentText.OfAsync<TComponent>(services, parameters.ToDictionary(one => one.Name, one => one.Value));
    }
}

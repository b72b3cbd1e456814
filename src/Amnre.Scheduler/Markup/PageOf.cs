using Microsoft.AspNetCore.Components;

namespace Amnre.Scheduler.Markup;

/// <summary>A component that is a whole page.</summary>
/// <typeparam name="TModel">All that it shows.</typeparam>
public abstract class PageOf<TModel> : ComponentBase where TModel : notnull
{
    [Parameter, EditorRequired]
    public required TModel Model { get; set; }
}

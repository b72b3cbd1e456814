using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Amnre.Scheduler.Access;

/// <summary>Forms carry what only a page of ours could have given them.</summary>
internal static class Antiforgery
{
    public static IServiceCollection AddForms(this IServiceCollection services)
    {
        services.AddAntiforgery(options =>
        {
            options.FormFieldName = "antiforgery";
            options.HeaderName = "X-Amnre-Antiforgery";
            options.SuppressXFrameOptionsHeader = true; // Every answer has it.
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        // First asked for by a request, and by then the port is known: browsers keep cookies by host alone.
        services.AddOptions<AntiforgeryOptions>().Configure<IServer>((options, server) => options.Cookie.Name =
            string.Create(CultureInfo.InvariantCulture,
                $"amnre-antiforgery-{server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(address => new Uri(address).Port).FirstOrDefault()}"));
        // Keys live as long as the process: a form from before a restart is loaded again, and no key lies in a file. The service that would
        // make one in the user's home at the start is left out.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var keeper in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToList())
            services.Remove(keeper);
        return services;
    }

    /// <summary>Tokens for a form of this answer; their cookie goes with it.</summary>
    public static AntiforgeryTokenSet Tokens(HttpContext context) =>
        context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
}

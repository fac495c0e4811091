"""Spanish."""

from lambdas.domain.reading.vocabulary.feature import Feature, Rows

F = Feature

MARKERS = "un y se este sin muy el los que para hemos su una del por esta las ha sus cuenta le usted en con"
"""Words that show the language."""

WORDS: Rows = {
    F.WE: "nosotros hemos aws",
    F.YOU: "usted ustedes",
    F.YOUR: "su sus",
    F.CUT: "bloqueado bloqueada bloqueados aislado aislada suspendido suspendida detenido detenida desactivado "
    "desactivada deshabilitado restringido restringida revocado interrumpido desconectado desconectada bloquear "
    "aislar suspender detener cortado bloqueamos aislamos suspendimos detuvimos inhabilitado parado",
    F.UNDO: "levantado levantada restaurado restaurada restablecido restablecida desbloqueado desbloqueada "
    "reactivado reactivada eliminado_el_bloqueo eliminado_las retirado levantamos retiramos restablecimos "
    "eliminado_la_restr quitado",
    F.CLOSE: "cerrado cerrada resuelto resuelta cerramos cerrando cerrar concluido damos_por",
    F.CONSIDER: "consideramos damos",
    F.RETRACT: "retirado_la ignore ignorar anulado retiramos_la omita haga_caso",
    F.SEND: "enviado enviada emitido emitida reportado notificado genero envio",
    F.MISTAKEN: "por_error erroneamente falso_positivo equivocacion error_nuestro por_equivocacion incorrectamente",
    F.RECEIVE: "recibido recibimos recibida llegado recibio",
    F.OBSERVE: "detectado observado identificado constatado implicada implicado involucrada detectamos observamos "
    "advertido vemos observando detectando viendo involucrado",
    F.MEND: "eliminar eliminado limpiar corregir reemplazar rotar terminar eliminacion haber_eliminado haber haya "
    "haberse tomado desactivar resolver",
    F.CEASE: "cesado detenido cesaron ceso parado detuvo",
    F.REQUEST: "responda responder confirme confirmar indique indicar envie enviar proporcione proporcionar describa "
    "explique informe informar contacte facilite respuesta diganos comuniquenos conteste contestar indiquenos",
    F.THANK: "gracias agradecemos agradezco",
    F.SAY: "indico dijo afirmo menciono comento escribio dice indica senalo nos_ha",
    F.SEE: "confirmamos hemos_comprobado comprobado verificado vemos",
    F.REOPEN: "reabierto reabrimos",
    F.CASE: "caso ticket incidente notificacion aviso incidencia investigacion expediente",
    F.RESOURCE: "instancia instancias servidor recurso recursos maquina host direccion ip ec2",
    F.ACCOUNT: "cuenta cuentas",
    F.KEY: "clave claves credenciales credencial contrasena akia*",
    F.CONTENT: "contenido url sitio pagina",
    F.TRAFFIC: "trafico puerto puertos red conexiones conexion saliente salida",
    F.ACCESS: "acceso permisos",
    F.LIMIT: "bloqueo restriccion restricciones limitacion limitaciones aislamiento suspension medida medidas "
    "cuarentena",
    F.REPORT: "denuncia denuncias queja quejas informe informes reporte reportes",
    F.ANSWER: "respuesta mensaje contestacion",
    F.ACTION: "accion acciones medida medidas nada paso gestion",
    F.NEEDED: "necesaria necesario necesarias requiere requieren hacer requerida precisa",
    F.ACTIVITY: "actividad actividades comportamiento intentos ataques abuso eventos",
    F.EXPOSED: "publica publicamente expuesta expuesto publicada filtrada divulgada expuestas",
    F.COMPROMISED: "comprometida comprometido comprometidas sospechosa sospechosas inusual irregular no_autorizada "
    "no_autorizado terceros no_autorizadas anomala indebidamente tercero",
    F.VIOLATION: "abusiva infraccion abuso infringe violacion",
    F.NOT: "no ninguna ningun ninguno sin nunca ni tampoco",
    F.IF: "si salvo a_menos de_no",
    F.ONCE: "en_cuanto una_vez",
    F.WHEN: "antes despues tras cuando para_poder para_que",
    F.MAY: "podemos puede podria podriamos debemos pueden podrian posible",
    F.WILL: "sera vamos seran procederemos",
    F.NOW: "ahora ya",
    F.BUT: "pero sin_embargo no_obstante aunque",
    F.BE: "ha_sido han_sido fue fueron es son esta queda quedo estan sido",
    F.HAVE: "hemos ha han haber",
    F.STILL: "sigue siguen todavia aun continua continuan persiste persisten nuevamente vuelto seguimos",
    F.REMAIN: "permanece permanecen sigue mantienen mantiene vigor",
    F.NEW: "nueva nuevo nuevas nuevos otra otro adicional adicionales",
    F.PREVIOUS: "anterior anteriores previo",
    F.PLEASE: "favor rogamos solicitamos pedimos",
    F.MUST: "debe esperamos espera necesitamos precisamos quedamos",
    F.OPTIONAL: "no_recibe no_admite no_puede_recibir no_acepta preguntas dude dudas encuesta ayuda pregunta",
    F.REMINDER: "recordatorio ultimo_aviso seguimiento recordamos segundo_aviso aviso_final",
    F.SILENCE: "no_hemos_recibido sin_respuesta ninguna_respuesta no_recibimos aun_no_hemos todavia_no_hemos",
    F.PASSING: "por_ahora por_el_momento ",
    F.AWAY: "de_la_red",
}  # fmt: skip
